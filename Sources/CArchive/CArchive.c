#include "CArchive.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

// The types are those of the headers; the functions are found when first wanted.
static struct {
  __typeof__(archive_read_new) *readNew;
  __typeof__(archive_read_support_filter_all) *supportFilters;
  __typeof__(archive_read_support_format_zip) *supportZip;
  __typeof__(archive_read_support_format_tar) *supportTar;
  __typeof__(archive_read_support_format_7zip) *support7zip;
  __typeof__(archive_read_open_filename) *open;
  __typeof__(archive_read_next_header) *nextHeader;
  __typeof__(archive_read_data) *readData;
  __typeof__(archive_error_string) *errorString;
  __typeof__(archive_read_free) *readFree;
  __typeof__(archive_entry_pathname) *pathname;
  __typeof__(archive_entry_pathname_utf8) *pathnameUTF8;
  __typeof__(archive_entry_filetype) *filetype;
} library;

static int isLoaded;

// libarchive says names as the thread's locale does, and nothing where that cannot.
static locale_t unicode;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  // The number of libarchive's interface since version 3, and Apple's name.
  static const char *const names[] = {
      "libarchive.so.13", "/usr/lib/libarchive.2.dylib", "libarchive.13.dylib"};
  void *handle = NULL;
  for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) {
    handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (!handle) return;
  library.readNew = dlsym(handle, "archive_read_new");
  library.supportFilters = dlsym(handle, "archive_read_support_filter_all");
  library.supportZip = dlsym(handle, "archive_read_support_format_zip");
  library.supportTar = dlsym(handle, "archive_read_support_format_tar");
  library.support7zip = dlsym(handle, "archive_read_support_format_7zip");
  library.open = dlsym(handle, "archive_read_open_filename");
  library.nextHeader = dlsym(handle, "archive_read_next_header");
  library.readData = dlsym(handle, "archive_read_data");
  library.errorString = dlsym(handle, "archive_error_string");
  library.readFree = dlsym(handle, "archive_read_free");
  library.pathname = dlsym(handle, "archive_entry_pathname");
  library.pathnameUTF8 = dlsym(handle, "archive_entry_pathname_utf8");
  library.filetype = dlsym(handle, "archive_entry_filetype");
  unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  if (!unicode) unicode = newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0);
  isLoaded = library.readNew && library.supportFilters && library.supportZip &&
             library.supportTar && library.support7zip && library.open && library.nextHeader &&
             library.readData && library.errorString && library.readFree && library.pathname &&
             library.pathnameUTF8 && library.filetype;
}

struct gan_archive {
  struct archive *reader;
};

gan_archive_status gan_archive_open(const char *path, gan_archive **archive) {
  *archive = NULL;
  pthread_once(&once, load);
  if (!isLoaded) return gan_archive_no_library;
  gan_archive *made = calloc(1, sizeof *made);
  if (!made) return gan_archive_failed;
  *archive = made;
  made->reader = library.readNew();
  if (!made->reader) return gan_archive_failed;
  library.supportFilters(made->reader);
  library.supportZip(made->reader);
  library.supportTar(made->reader);
  library.support7zip(made->reader);
  int status = library.open(made->reader, path, 1 << 16);
  return status == ARCHIVE_OK || status == ARCHIVE_WARN ? gan_archive_ok : gan_archive_failed;
}

gan_archive_status gan_archive_next(gan_archive *archive, const char **name, int *isFile) {
  struct archive_entry *entry = NULL;
  const locale_t former = unicode ? uselocale(unicode) : (locale_t)0;
  int status = library.nextHeader(archive->reader, &entry);
  // A warning is of a name that is no text, or of a field that nobody reads.
  const int isThere = status == ARCHIVE_OK || status == ARCHIVE_WARN;
  const char *text = isThere ? library.pathnameUTF8(entry) : NULL;
  if (isThere && !text) text = library.pathname(entry);
  if (former) uselocale(former);
  if (status == ARCHIVE_EOF) return gan_archive_end;
  if (!isThere) return gan_archive_failed;
  *name = text ? text : "";
  *isFile = library.filetype(entry) == S_IFREG;
  return gan_archive_ok;
}

int64_t gan_archive_read(gan_archive *archive, void *bytes, size_t capacity) {
  return library.readData(archive->reader, bytes, capacity);
}

const char *gan_archive_message(gan_archive *archive) {
  const char *text = archive && archive->reader ? library.errorString(archive->reader) : NULL;
  return text ? text : "it cannot be opened";
}

void gan_archive_close(gan_archive *archive) {
  if (!archive) return;
  if (archive->reader) library.readFree(archive->reader);
  free(archive);
}
