#include "CImageLibraries.h"

#include <png.h>
#include <string.h>

#ifndef __APPLE__
#include <openssl/crypto.h>
#include <openssl/evp.h>
#endif

// 15 is the largest window; adding 16 asks for gzip wrapping.
static const int gzipWindowBits = 15 + 16;

const char *gan_png_version(void) { return png_get_libpng_ver(NULL); }

int gan_inflate_init_gzip(z_stream *stream) {
  memset(stream, 0, sizeof *stream);
  return inflateInit2(stream, gzipWindowBits);
}

static png_uint_32 formatOf(uint32_t channels) {
  static const png_uint_32 formats[] = {PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB,
                                        PNG_FORMAT_RGBA};
  return formats[channels - 1];
}

static int failed(png_image *image, char *message) {
  strncpy(message, image->message, gan_png_message_capacity - 1);
  message[gan_png_message_capacity - 1] = 0;
  png_image_free(image);
  return 1;
}

static png_image described(uint32_t width, uint32_t height, uint32_t channels) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = formatOf(channels);
  return image;
}

// Opens `png` and asks for gray or RGB, whichever keeps its colours, and for its alpha if wanted.
static int opened(png_image *image, const uint8_t *png, size_t pngBytes, int keepsAlpha) {
  *image = described(0, 0, 1);
  if (!png_image_begin_read_from_memory(image, png, pngBytes)) return 0;
  uint32_t alpha = keepsAlpha && image->format & PNG_FORMAT_FLAG_ALPHA ? 1 : 0;
  image->format = formatOf((image->format & PNG_FORMAT_FLAG_COLOR ? 3 : 1) + alpha);
  // Without this libpng takes 16-bit samples that name no gamma for linear light.
  image->flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  return 1;
}

size_t gan_png_capacity(uint32_t width, uint32_t height, uint32_t channels) {
  png_image image = described(width, height, channels);
  return PNG_IMAGE_PNG_SIZE_MAX(image);
}

int gan_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels,
                   uint8_t *png, size_t *pngBytes, char *message) {
  png_image image = described(width, height, channels);
  png_alloc_size_t size = *pngBytes;
  if (!png_image_write_to_memory(&image, png, &size, 0, pixels, 0, NULL)) {
    return failed(&image, message);
  }
  *pngBytes = size;
  return 0;
}

static png_image describedByIndices(uint32_t width, uint32_t height, uint32_t colourCount) {
  png_image image = described(width, height, 1);
  image.format = PNG_FORMAT_RGBA_COLORMAP;
  image.colormap_entries = colourCount;
  return image;
}

size_t gan_png_capacity_indexed(uint32_t width, uint32_t height, uint32_t colourCount) {
  png_image image = describedByIndices(width, height, colourCount);
  return PNG_IMAGE_PNG_SIZE_MAX(image);
}

int gan_png_encode_indexed(const uint8_t *indices, uint32_t width, uint32_t height,
                           const uint8_t *colours, uint32_t colourCount, uint8_t *png,
                           size_t *pngBytes, char *message) {
  png_image image = describedByIndices(width, height, colourCount);
  png_alloc_size_t size = *pngBytes;
  if (!png_image_write_to_memory(&image, png, &size, 0, indices, 0, colours)) {
    return failed(&image, message);
  }
  *pngBytes = size;
  return 0;
}

int gan_png_inspect(const uint8_t *png, size_t pngBytes, int keepsAlpha, uint32_t *width,
                    uint32_t *height, uint32_t *channels, char *message) {
  png_image image;
  if (!opened(&image, png, pngBytes, keepsAlpha)) return failed(&image, message);
  *width = image.width;
  *height = image.height;
  *channels = PNG_IMAGE_SAMPLE_CHANNELS(image.format);
  png_image_free(&image);
  return 0;
}

int gan_png_decode(const uint8_t *png, size_t pngBytes, int keepsAlpha, uint8_t *pixels,
                   size_t pixelBytes, char *message) {
  png_image image;
  if (!opened(&image, png, pngBytes, keepsAlpha)) return failed(&image, message);
  if (PNG_IMAGE_SIZE(image) != pixelBytes) {
    strcpy(image.message, "extents changed between two looks");
    return failed(&image, message);
  }
  if (!png_image_finish_read(&image, NULL, pixels, 0, NULL)) return failed(&image, message);
  return 0;
}

#ifndef __APPLE__
const char *gan_crypto_version(void) { return OpenSSL_version(OPENSSL_VERSION); }

void *gan_sha256_begin(void) {
  // A process that ends must not take the library down under another thread's digest.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1) return context;
  EVP_MD_CTX_free(context);
  return NULL;
}

int gan_sha256_append(void *context, const uint8_t *bytes, size_t byteCount) {
  return EVP_DigestUpdate(context, bytes, byteCount) == 1 ? 0 : 1;
}

int gan_sha256_end(void *context, uint8_t *digest) {
  int status = EVP_DigestFinal_ex(context, digest, NULL) == 1 ? 0 : 1;
  EVP_MD_CTX_free(context);
  return status;
}
#endif
