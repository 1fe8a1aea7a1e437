#include "CCurl.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// The types are those of the headers; the functions are found when first wanted.
static struct {
  __typeof__(curl_global_init) *globalInit;
  __typeof__(curl_easy_init) *init;
  __typeof__(curl_easy_setopt) *setopt;
  __typeof__(curl_easy_perform) *perform;
  __typeof__(curl_easy_getinfo) *getinfo;
  __typeof__(curl_easy_strerror) *strerror;
  __typeof__(curl_easy_cleanup) *cleanup;
} library;

static int isLoaded;

static void load(void) {
  // The one number of libcurl's interface since 2006; git brings the second name.
  static const char *const names[] = {
      "libcurl.so.4", "libcurl-gnutls.so.4", "/usr/lib/libcurl.4.dylib", "libcurl.4.dylib"};
  void *handle = NULL;
  for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) {
    handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (!handle) return;
  library.globalInit = dlsym(handle, "curl_global_init");
  library.init = dlsym(handle, "curl_easy_init");
  library.setopt = dlsym(handle, "curl_easy_setopt");
  library.perform = dlsym(handle, "curl_easy_perform");
  library.getinfo = dlsym(handle, "curl_easy_getinfo");
  library.strerror = dlsym(handle, "curl_easy_strerror");
  library.cleanup = dlsym(handle, "curl_easy_cleanup");
  isLoaded = library.globalInit && library.init && library.setopt && library.perform &&
             library.getinfo && library.strerror && library.cleanup &&
             library.globalInit(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

typedef struct {
  const gan_transfer *transfer;
  int descriptor;
  gan_transfer_progress progress;
  void *context;
  int64_t bytes;
  int writeError;
  int isTooLong;
} Sink;

// Returning fewer bytes than came ends the transfer.
static size_t receive(char *bytes, size_t size, size_t count, void *context) {
  Sink *sink = context;
  size_t total = size * count, written = 0;
  if ((int64_t)total > sink->transfer->byteLimit - sink->bytes) {
    sink->isTooLong = 1;
    return 0;
  }
  while (written < total) {
    ssize_t result = write(sink->descriptor, bytes + written, total - written);
    if (result >= 0) {
      written += (size_t)result;
    } else if (errno != EINTR) {
      sink->writeError = errno;
      return 0;
    }
  }
  sink->bytes += (int64_t)total;
  return total;
}

static int tell(void *context, curl_off_t total, curl_off_t received, curl_off_t uploadTotal,
                curl_off_t uploaded) {
  const Sink *sink = context;
  (void)received, (void)uploadTotal, (void)uploaded;
  sink->progress(sink->context, sink->bytes, total > 0 ? sink->transfer->offset + total : 0);
  return 0;
}

static void prepare(CURL *curl, const gan_transfer *transfer, Sink *sink, char *message) {
  library.setopt(curl, CURLOPT_URL, transfer->url);
  library.setopt(curl, CURLOPT_USERAGENT, "swift-gan");
  library.setopt(curl, CURLOPT_ERRORBUFFER, message);
  library.setopt(curl, CURLOPT_FAILONERROR, 1L);
  library.setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  library.setopt(curl, CURLOPT_MAXREDIRS, 5L);
  // Without this, time limits would be signals, to whichever thread.
  library.setopt(curl, CURLOPT_NOSIGNAL, 1L);
  library.setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)transfer->connectMilliseconds);
  library.setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1000L);
  library.setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)transfer->stallSeconds);
  library.setopt(curl, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)transfer->offset);
  library.setopt(curl, CURLOPT_WRITEFUNCTION, receive);
  library.setopt(curl, CURLOPT_WRITEDATA, sink);
  library.setopt(curl, CURLOPT_NOPROGRESS, 0L);
  library.setopt(curl, CURLOPT_XFERINFOFUNCTION, tell);
  library.setopt(curl, CURLOPT_XFERINFODATA, sink);
#if LIBCURL_VERSION_NUM >= 0x075700
  // A name that is still being looked up is nothing to wait for when giving up. Libraries older than the
  // headers refuse the option and wait.
  library.setopt(curl, CURLOPT_QUICK_EXIT, 1L);
#endif
}

gan_transfer_status gan_transfer_run(const gan_transfer *transfer, int descriptor,
                                     gan_transfer_progress progress, void *context,
                                     int32_t *writeError, char *message) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  char detail[CURL_ERROR_SIZE] = "";
  pthread_once(&once, load);
  CURL *curl = isLoaded ? library.init() : NULL;
  if (!curl) return gan_transfer_no_library;

  Sink sink = {.transfer = transfer,
               .descriptor = descriptor,
               .progress = progress,
               .context = context,
               .bytes = transfer->offset};
  prepare(curl, transfer, &sink, detail);
  CURLcode code = library.perform(curl);
  snprintf(message, gan_transfer_message_capacity, "%s",
           detail[0] ? detail : library.strerror(code));
  long response = 0;
  library.getinfo(curl, CURLINFO_RESPONSE_CODE, &response);
  library.cleanup(curl);

  *writeError = sink.writeError;
  if (sink.writeError) return gan_transfer_cannot_write;
  if (sink.isTooLong) return gan_transfer_too_long;
  // 416: nothing follows the bytes there are.
  if (code == CURLE_OK || (response == 416 && transfer->offset > 0)) return gan_transfer_done;
  return code == CURLE_RANGE_ERROR ? gan_transfer_cannot_resume : gan_transfer_failed;
}
