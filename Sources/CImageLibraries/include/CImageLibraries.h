// TurboJPEG and libwebp, and what Swift cannot say about zlib, libpng and libcrypto, because they say
// it in macros.
#ifndef GAN_C_IMAGE_LIBRARIES_H
#define GAN_C_IMAGE_LIBRARIES_H

#include <stddef.h>
#include <stdint.h>
#include <turbojpeg.h>
#include <webp/decode.h>
#include <webp/demux.h>
#include <zlib.h>

/// Room for the text of a libpng error, its terminating zero included.
enum { gan_png_message_capacity = 64 };

/// The version of libpng that is loaded.
const char *gan_png_version(void);

/// Prepares `stream` to inflate gzip members. Returns a zlib status.
int gan_inflate_init_gzip(z_stream *stream);

/// The most bytes a PNG of these extents can take.
size_t gan_png_capacity(uint32_t width, uint32_t height, uint32_t channels);

/// Encodes packed 8-bit rows, 1 (gray) or 3 (RGB) channels, into `png`.
/// `pngBytes` holds the capacity before and the length after. Returns 0, or 1 with a `message`.
int gan_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels,
                   uint8_t *png, size_t *pngBytes, char *message);

/// The most bytes a PNG of these extents and this many colours can take.
size_t gan_png_capacity_indexed(uint32_t width, uint32_t height, uint32_t colourCount);

/// Encodes packed rows of numbers of colours; each of at most 256 `colours` is red, green, blue and
/// opacity. `pngBytes` holds the capacity before and the length after. Returns 0, or 1 with a `message`.
int gan_png_encode_indexed(const uint8_t *indices, uint32_t width, uint32_t height,
                           const uint8_t *colours, uint32_t colourCount, uint8_t *png,
                           size_t *pngBytes, char *message);

/// Reads the extents of a PNG, and the channels it decodes to: 1 or 3, and with `keepsAlpha` one
/// more where it has opacity. Returns 0, or 1 with a `message`.
int gan_png_inspect(const uint8_t *png, size_t pngBytes, int keepsAlpha, uint32_t *width,
                    uint32_t *height, uint32_t *channels, char *message);

/// Decodes into packed 8-bit rows of the extents `gan_png_inspect` told with the same `keepsAlpha`;
/// without it, transparent pixels are laid over what `pixels` holds. Returns 0, or 1 with a `message`.
int gan_png_decode(const uint8_t *png, size_t pngBytes, int keepsAlpha, uint8_t *pixels,
                   size_t pixelBytes, char *message);

#ifndef __APPLE__
/// The version of libcrypto that is loaded, with its maker's name.
const char *gan_crypto_version(void);

/// Begins a SHA-256 digest. Returns NULL when libcrypto has none.
void *gan_sha256_begin(void);

/// Takes more bytes. Returns 0, or 1 when libcrypto fails.
int gan_sha256_append(void *context, const uint8_t *bytes, size_t byteCount);

/// Writes the digest to the 32 bytes at `digest` and frees the context. Returns 0, or 1 when libcrypto fails.
int gan_sha256_end(void *context, uint8_t *digest);
#endif

#endif
