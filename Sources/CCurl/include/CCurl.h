// One transfer by libcurl, which is loaded when it is first wanted: linked, it and the thirty libraries it
// brings would cost every start of the program.
#ifndef GAN_C_CURL_H
#define GAN_C_CURL_H

#include <stdint.h>

/// Room for the text of a failure, its terminating zero included.
enum { gan_transfer_message_capacity = 256 };

/// How a transfer ended.
typedef enum {
  /// Everything there was to send has arrived.
  gan_transfer_done,
  /// The server sends the whole only; nothing was written.
  gan_transfer_cannot_resume,
  /// More came than the file may hold.
  gan_transfer_too_long,
  /// The system refused to write; `writeError` is its `errno`.
  gan_transfer_cannot_write,
  /// The server refused, or could not be reached, or fell silent.
  gan_transfer_failed,
  /// This system has no libcurl.
  gan_transfer_no_library,
} gan_transfer_status;

/// What to fetch and how patiently.
typedef struct {
  /// HTTP or HTTPS; redirections are followed.
  const char *url;
  /// Bytes there are already: the transfer goes on behind them.
  int64_t offset;
  /// The most bytes the file may have in the end.
  int64_t byteLimit;
  /// The longest that finding and reaching one server may take.
  int32_t connectMilliseconds;
  /// How long fewer than 1000 bytes a second are endured.
  int32_t stallSeconds;
} gan_transfer;

/// Told now and then how many bytes the file has, and will have (0 where that is not known).
typedef void (*gan_transfer_progress)(void *context, int64_t bytes, int64_t total);

/// Appends to `descriptor` what `transfer` names. `message` tells of a failure in words.
gan_transfer_status gan_transfer_run(const gan_transfer *transfer, int descriptor,
                                     gan_transfer_progress progress, void *context,
                                     int32_t *writeError, char *message);

#endif
