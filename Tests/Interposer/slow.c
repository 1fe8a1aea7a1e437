// Makes what a program does to some files take long: preload it. Opening and syncing whatever has
// SLOW_PATH in its path waits for SLOW_SECONDS, and creates the file SLOW_MARK before it does. Whatever
// has PACE_PATH in its path waits for PACE_SECONDS, without a mark.
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void wait_at(const char *path, const char *part, const char *seconds, const char *mark) {
  if (!part || !seconds || !strstr(path, part)) return;
  FILE *file = mark ? fopen(mark, "w") : NULL;
  if (file) fclose(file);
  const double duration = atof(seconds);
  struct timespec rest = {.tv_sec = (time_t)duration};
  rest.tv_nsec = (long)(1e9 * (duration - rest.tv_sec));
  // A signal ends a sleep early.
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {}
}

static void wait_if_slow(const char *path) {
  wait_at(path, getenv("SLOW_PATH"), getenv("SLOW_SECONDS"), getenv("SLOW_MARK"));
  wait_at(path, getenv("PACE_PATH"), getenv("PACE_SECONDS"), NULL);
}

static int open_slowly(const char *name, const char *path, int flags, mode_t mode) {
  int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
  wait_if_slow(path);
  return next(path, flags, mode);
}

#define DEFINE_OPEN(name)                             \
  int name(const char *path, int flags, ...) {        \
    va_list rest;                                     \
    va_start(rest, flags);                            \
    const mode_t mode = va_arg(rest, mode_t);         \
    va_end(rest);                                     \
    return open_slowly(#name, path, flags, mode);     \
  }

DEFINE_OPEN(open)
DEFINE_OPEN(open64)

int fsync(int descriptor) {
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length > 0) {
    path[length] = 0;
    wait_if_slow(path);
  }
  return next(descriptor);
}
