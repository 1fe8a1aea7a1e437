#include "CMPI.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Open MPI's handles are addresses of objects in the library, the same since version 1.3 (2009).
typedef void *handle;

typedef struct {
  int source, tag, error, cancelled;
  size_t bytes;
} receipt;

static struct {
  int (*version)(char *, int *);
  int (*init)(int *, char ***, int, int *);
  int (*setErrorHandler)(handle, handle);
  int (*rank)(handle, int *);
  int (*size)(handle, int *);
  int (*send)(const void *, int, handle, int, int, handle, handle *);
  int (*receive)(void *, int, handle, int, int, handle, handle *);
  int (*testAll)(int, handle *, int *, receipt *);
  int (*probe)(int, int, handle, int *, receipt *);
  int (*take)(void *, int, handle, int, int, handle, receipt *);
  int (*cancel)(handle *);
  int (*freeRequest)(handle *);
  int (*finalize)(void);
  int (*abort)(handle, int);
  handle world, byte, errorsReturn;
} library;

static gan_mpi_status status = gan_mpi_none;
static char description[gan_mpi_text_capacity];

enum {
  // MPI_THREAD_SERIALIZED: one thread at a time, not always the same.
  serialized = 2,
  // MPI_ANY_SOURCE.
  any_source = -1,
  notice_tag = 2,
  parting_tag = 3,
  // MPI counts with int.
  most_bytes = 1 << 30,
  most_requests = 64,
};

static handle requests[most_requests];
static int request_count;
// What ranks say once they part is not taken for what they had begun.
static int exchange_tag = 1;

static void *open_any(const char *const names[], size_t count, int flags) {
  for (size_t i = 0; i < count; i++) {
    void *found = dlopen(names[i], flags);
    if (found) return found;
  }
  return NULL;
}

static void look_for_others(void) {
  static const char *const others[] = {"libmpi.so.12", "libmpich.so.12", "libmpi.12.dylib"};
  if (!open_any(others, sizeof others / sizeof *others, RTLD_LAZY | RTLD_LOCAL)) return;
  status = gan_mpi_foreign;
  snprintf(description, sizeof description, "MPICH, or an MPI with its interface");
}

static void load(void) {
  // 40 is the number of the interface of Open MPI 2 to 5.
  static const char *const names[] = {
      "libmpi.so.40", "/usr/lib64/openmpi/lib/libmpi.so.40", "libmpi.40.dylib",
      "/opt/homebrew/lib/libmpi.40.dylib", "/usr/local/lib/libmpi.40.dylib"};
  // Global, since Open MPI's own plug-ins look for its functions there.
  void *found = open_any(names, sizeof names / sizeof *names, RTLD_NOW | RTLD_GLOBAL);
  if (!found) {
    look_for_others();
    return;
  }
  library.version = (__typeof__(library.version))dlsym(found, "MPI_Get_library_version");
  library.init = (__typeof__(library.init))dlsym(found, "MPI_Init_thread");
  library.setErrorHandler = (__typeof__(library.setErrorHandler))dlsym(found, "MPI_Comm_set_errhandler");
  library.rank = (__typeof__(library.rank))dlsym(found, "MPI_Comm_rank");
  library.size = (__typeof__(library.size))dlsym(found, "MPI_Comm_size");
  library.send = (__typeof__(library.send))dlsym(found, "MPI_Isend");
  library.receive = (__typeof__(library.receive))dlsym(found, "MPI_Irecv");
  library.testAll = (__typeof__(library.testAll))dlsym(found, "MPI_Testall");
  library.probe = (__typeof__(library.probe))dlsym(found, "MPI_Iprobe");
  library.take = (__typeof__(library.take))dlsym(found, "MPI_Recv");
  library.freeRequest = (__typeof__(library.freeRequest))dlsym(found, "MPI_Request_free");
  library.cancel = (__typeof__(library.cancel))dlsym(found, "MPI_Cancel");
  library.finalize = (__typeof__(library.finalize))dlsym(found, "MPI_Finalize");
  library.abort = (__typeof__(library.abort))dlsym(found, "MPI_Abort");
  library.world = dlsym(found, "ompi_mpi_comm_world");
  library.byte = dlsym(found, "ompi_mpi_byte");
  library.errorsReturn = dlsym(found, "ompi_mpi_errors_return");

  // MPI_MAX_LIBRARY_VERSION_STRING of Open MPI.
  char version[256 + 1] = "";
  int length = 0;
  if (library.version) library.version(version, &length);
  version[strcspn(version, ",\n")] = 0;
  snprintf(description, sizeof description, "%s", version[0] ? version : "an MPI without a version");
  int isWhole = library.init && library.setErrorHandler && library.rank && library.size &&
                library.send && library.receive && library.testAll && library.probe &&
                library.take && library.cancel && library.freeRequest && library.finalize && library.abort &&
                library.world && library.byte && library.errorsReturn;
  status = isWhole && strncmp(version, "Open MPI", 8) == 0 ? gan_mpi_found : gan_mpi_foreign;
}

gan_mpi_status gan_mpi_load(char text[gan_mpi_text_capacity]) {
  static int isLoaded;
  if (!isLoaded) load();
  isLoaded = 1;
  memcpy(text, description, sizeof description);
  return status;
}

int gan_mpi_join(void) {
  // Where MPI itself waits, it leaves the processor to others.
  setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);
  int given;
  int error = library.init(NULL, NULL, serialized, &given);
  // What fails is told to whoever called, and does not end the process.
  return error ? error : library.setErrorHandler(library.world, library.errorsReturn);
}

int gan_mpi_rank(void) {
  int rank = 0;
  library.rank(library.world, &rank);
  return rank;
}

int gan_mpi_rank_count(void) {
  int count = 1;
  library.size(library.world, &count);
  return count;
}

int gan_mpi_begin(const void *sent, size_t sent_bytes, int to, void *received,
                  size_t received_bytes, int from) {
  request_count = 0;
  if (from < 0) received_bytes = 0;
  if (to < 0) sent_bytes = 0;
  for (size_t done = 0; done < received_bytes && request_count < most_requests; done += most_bytes) {
    size_t left = received_bytes - done;
    int error = library.receive((char *)received + done, (int)(left < most_bytes ? left : most_bytes),
                                library.byte, from, exchange_tag, library.world,
                                &requests[request_count]);
    if (error) return error;
    request_count++;
  }
  for (size_t done = 0; done < sent_bytes && request_count < most_requests; done += most_bytes) {
    size_t left = sent_bytes - done;
    int error = library.send((const char *)sent + done, (int)(left < most_bytes ? left : most_bytes),
                             library.byte, to, exchange_tag, library.world, &requests[request_count]);
    if (error) return error;
    request_count++;
  }
  return 0;
}

int gan_mpi_test(void) {
  int isDone = 0;
  int error = library.testAll(request_count, requests, &isDone, NULL);
  return error ? -error : isDone;
}

void gan_mpi_drop(void) {
  for (int i = 0; i < request_count; i++) {
    library.cancel(&requests[i]);
    library.freeRequest(&requests[i]);
  }
  request_count = 0;
  exchange_tag = parting_tag;
}

void gan_mpi_tell(int to, int64_t number) {
  // Short messages leave at once, whether or not they are taken; their memory must stay.
  static int64_t sent[64];
  static unsigned next;
  int64_t *place = &sent[next++ % (sizeof sent / sizeof *sent)];
  *place = number;
  handle request;
  if (!library.send(place, sizeof *place, library.byte, to, notice_tag, library.world, &request)) {
    library.freeRequest(&request);
  }
}

int gan_mpi_hear(int *from, int64_t *number) {
  int isThere = 0;
  receipt receipt = {0};
  if (library.probe(any_source, notice_tag, library.world, &isThere, &receipt) || !isThere) return 0;
  *from = receipt.source;
  return !library.take(number, sizeof *number, library.byte, receipt.source, notice_tag, library.world,
                       &receipt);
}

void gan_mpi_leave(void) { library.finalize(); }

void gan_mpi_abort(int code) { library.abort(library.world, code); }
