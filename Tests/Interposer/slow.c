// Makes what a program does to some files take long: preload it. Opening and syncing whatever has
// SLOW_PATH in its path waits for SLOW_SECONDS, and creates the file SLOW_MARK before it does. Whatever
// has PACE_PATH in its path waits for PACE_SECONDS, without a mark; and the GATE_AT-th opening of such a
// file creates the file GATE_MARK, if that is set, and waits until there is a file GATE.
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int is_in(const char *path, const char *variable) {
  const char *part = getenv(variable);
  return part && strstr(path, part);
}

static void wait_for(double seconds) {
  struct timespec rest = {.tv_sec = (time_t)seconds};
  rest.tv_nsec = (long)(1e9 * (seconds - rest.tv_sec));
  // A signal ends a sleep early.
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {}
}

static void wait_for_variable(const char *variable) {
  const char *seconds = getenv(variable);
  if (seconds) wait_for(atof(seconds));
}

static void create(const char *variable) {
  const char *mark = getenv(variable);
  FILE *file = mark ? fopen(mark, "w") : NULL;
  if (file) fclose(file);
}

static void wait_if_slow(const char *path) {
  if (is_in(path, "SLOW_PATH")) {
    create("SLOW_MARK");
    wait_for_variable("SLOW_SECONDS");
  }
  if (is_in(path, "PACE_PATH")) wait_for_variable("PACE_SECONDS");
}

static void wait_at_gate(const char *path) {
  static atomic_int count;
  const char *gate = getenv("GATE"), *at = getenv("GATE_AT");
  if (!gate || !at || !is_in(path, "PACE_PATH")) return;
  if (atomic_fetch_add(&count, 1) + 1 != atoi(at)) return;
  create("GATE_MARK");
  while (access(gate, F_OK) != 0) wait_for(0.005);
}

static int open_slowly(const char *name, const char *path, int flags, mode_t mode) {
  int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
  wait_if_slow(path);
  wait_at_gate(path);
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
