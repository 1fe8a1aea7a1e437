// Ends the program, or refuses it the disk, at a chosen change to a folder: preload it.
//
// A run is changed by several threads, in an order that the machine's load decides; but one part of it, such
// as its checkpoints, by one thread at a time. Changes are therefore counted part by part.
//
//   CHANGES_IN=text     count calls that change files whose path contains the text
//   CHANGES_LOG=file    append a line for each: the call, the part, which change of the part, and the path
//   CHANGE_PART=part    act at a change of this part,
//   CHANGE_AT=n         its n-th, from 1
//   CHANGE_MARK=file    create the file when a call is refused
//   CHANGE_ACT=before   kill the program before the call
//             after     kill it after the call
//             torn      kill it half-way: half of a write is done, another call is not
//             full      from here on the disk is full: half of a write is done, what needs room fails
//             fails     this call alone fails, with an input/output error
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_DESCRIPTORS = 1024 };

// Text in a path, and what the part is called; whatever is in none of them is in the last.
static const char *const parts[][2] = {{"/samples", "samples"}, {"/checkpoints", "checkpoints"},
    {"/stats.jsonl", "statistics"}, {"/log.txt", "log"}, {"", "rest"}};
enum { PART_COUNT = sizeof parts / sizeof parts[0] };

static const char *folder, *act, *mark, *chosen_part;
static long chosen;
static int log_descriptor = -1;
static atomic_long counts[PART_COUNT];
static atomic_int is_full;
// The paths of open files in the folder, by descriptor.
static char *_Atomic names[MAX_DESCRIPTORS];

__attribute__((constructor)) static void begin(void) {
  folder = getenv("CHANGES_IN");
  act = getenv("CHANGE_ACT");
  mark = getenv("CHANGE_MARK");
  chosen_part = getenv("CHANGE_PART");
  const char *at = getenv("CHANGE_AT"), *log = getenv("CHANGES_LOG");
  chosen = at ? atol(at) : 0;
  if (log) {
    log_descriptor =
        (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  }
}

static int is_inside(const char *path) { return folder && path && strstr(path, folder); }

static const char *name_of(int descriptor) {
  return descriptor >= 0 && descriptor < MAX_DESCRIPTORS ? names[descriptor] : NULL;
}

static _Noreturn void end(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

typedef enum { GO_ON, AFTER, TORN, NO_ROOM, BROKEN } verdict;

// Counts a change; `needs_room` says whether a full disk refuses it.
static verdict judge(const char *call, const char *path, int needs_room) {
  int part = 0;
  while (!strstr(path, parts[part][0])) part++;
  const long number = atomic_fetch_add(&counts[part], 1) + 1;
  if (log_descriptor >= 0) {
    char line[4352];
    const int length =
        snprintf(line, sizeof line, "%s %s %ld %s\n", call, parts[part][1], number, path);
    syscall(SYS_write, log_descriptor, line, length);
  }
  if (is_full && needs_room) return NO_ROOM;
  if (number != chosen || !act || !chosen_part || strcmp(chosen_part, parts[part][1]) != 0) {
    return GO_ON;
  }
  if (strcmp(act, "before") == 0) end();
  if (strcmp(act, "after") == 0) return AFTER;
  if (strcmp(act, "torn") == 0) return TORN;
  if (strcmp(act, "fails") == 0) return BROKEN;
  is_full = 1;
  return needs_room ? TORN : GO_ON;
}

// A call that is done whole or not at all.
static long whole(verdict verdict, long number, long a, long b, long c, long d) {
  if (verdict == TORN && !is_full) end();
  if (verdict == NO_ROOM || verdict == TORN || verdict == BROKEN) {
    if (mark) {
      const int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
      const int descriptor = (int)syscall(SYS_openat, AT_FDCWD, mark, flags, 0666);
      if (descriptor >= 0) syscall(SYS_close, descriptor);
    }
    errno = verdict == BROKEN ? EIO : ENOSPC;
    return -1;
  }
  const long result = syscall(number, a, b, c, d);
  if (verdict == AFTER) end();
  return result;
}

static int open_at(int place, const char *path, int flags, mode_t mode) {
  verdict verdict = GO_ON;
  if (is_inside(path) && flags & (O_CREAT | O_TRUNC)) verdict = judge("open", path, 1);
  const int descriptor = (int)whole(verdict, SYS_openat, place, (long)path, flags, mode);
  if (is_inside(path) && descriptor >= 0 && descriptor < MAX_DESCRIPTORS) {
    names[descriptor] = strdup(path);
  }
  return descriptor;
}

#define MODE_OF(flags)             \
  mode_t mode = 0;                 \
  if (flags & (O_CREAT)) {         \
    va_list rest;                  \
    va_start(rest, flags);         \
    mode = va_arg(rest, unsigned); \
    va_end(rest);                  \
  }

int open(const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int place, const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_at(place, path, flags, mode);
}

int close(int descriptor) {
  if (name_of(descriptor)) names[descriptor] = NULL;
  return (int)syscall(SYS_close, descriptor);
}

ssize_t write(int descriptor, const void *bytes, size_t byte_count) {
  const char *path = name_of(descriptor);
  const verdict verdict = path ? judge("write", path, 1) : GO_ON;
  if (verdict == TORN) {
    const ssize_t half = syscall(SYS_write, descriptor, bytes, byte_count / 2);
    if (!is_full) end();
    // What is left comes again, and finds the disk full.
    if (half > 0) return half;
  }
  return whole(verdict, SYS_write, descriptor, (long)bytes, byte_count, 0);
}

int fsync(int descriptor) {
  const char *path = name_of(descriptor);
  const verdict verdict = path ? judge("fsync", path, 0) : GO_ON;
  return (int)whole(verdict, SYS_fsync, descriptor, 0, 0, 0);
}

int fdatasync(int descriptor) {
  const char *path = name_of(descriptor);
  const verdict verdict = path ? judge("fdatasync", path, 0) : GO_ON;
  return (int)whole(verdict, SYS_fdatasync, descriptor, 0, 0, 0);
}

int ftruncate(int descriptor, off_t length) {
  const char *path = name_of(descriptor);
  const verdict verdict = path ? judge("ftruncate", path, 0) : GO_ON;
  return (int)whole(verdict, SYS_ftruncate, descriptor, length, 0, 0);
}

int rename(const char *from, const char *to) {
  const verdict verdict = is_inside(to) ? judge("rename", to, 0) : GO_ON;
  return (int)whole(verdict, SYS_renameat, AT_FDCWD, (long)from, AT_FDCWD, (long)to);
}

int unlink(const char *path) {
  const verdict verdict = is_inside(path) ? judge("unlink", path, 0) : GO_ON;
  return (int)whole(verdict, SYS_unlinkat, AT_FDCWD, (long)path, 0, 0);
}

int mkdir(const char *path, mode_t mode) {
  const verdict verdict = is_inside(path) ? judge("mkdir", path, 1) : GO_ON;
  return (int)whole(verdict, SYS_mkdirat, AT_FDCWD, (long)path, mode, 0);
}
