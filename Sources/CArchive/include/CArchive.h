// Entries of an archive by libarchive, which is loaded when it is first wanted: linked, it and the
// libraries it brings would cost every start of the program.
#ifndef GAN_C_ARCHIVE_H
#define GAN_C_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

typedef struct gan_archive gan_archive;

/// How a call ended.
typedef enum {
  gan_archive_ok,
  /// There is no further entry.
  gan_archive_end,
  /// The archive is damaged or none; `gan_archive_message` says how.
  gan_archive_failed,
  /// This system has no libarchive.
  gan_archive_no_library,
} gan_archive_status;

/// Opens a zip, 7z or tar archive, the latter plain or compressed. Closed by `gan_archive_close`,
/// whatever the status.
gan_archive_status gan_archive_open(const char *path, gan_archive **archive);

/// Goes on to the next entry. `name` is valid until the next call; `isFile` is 1 for a regular file.
gan_archive_status gan_archive_next(gan_archive *archive, const char **name, int *isFile);

/// Reads on in the entry, up to `capacity` bytes; 0 at its end, negative where it is damaged.
int64_t gan_archive_read(gan_archive *archive, void *bytes, size_t capacity);

/// What was wrong last, in words.
const char *gan_archive_message(gan_archive *archive);

void gan_archive_close(gan_archive *archive);

#endif
