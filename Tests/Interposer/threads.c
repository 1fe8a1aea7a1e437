// Gives a program no more than some threads at a time, as a limit on processes does: preload it.
//
//   THREADS_LIMIT=n   threads beside the first; more are refused
//
// A program that asks in vain for half a dozen times without ending would ask for ever: it is ended with 99.
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE = 6 };

static atomic_int count, refusals;

typedef int creation(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

typedef struct {
  void *(*body)(void *);
  void *argument;
} start;

static void leave(void *unused) {
  (void)unused;
  atomic_fetch_sub(&count, 1);
}

static void *run(void *opaque) {
  const start s = *(start *)opaque;
  free(opaque);
  void *result;
  pthread_cleanup_push(leave, NULL);
  result = s.body(s.argument);
  pthread_cleanup_pop(1);
  return result;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                   void *argument) {
  creation *const create = (creation *)dlsym(RTLD_NEXT, "pthread_create");
  const char *const limit = getenv("THREADS_LIMIT");
  if (atomic_fetch_add(&count, 1) >= (limit ? atoi(limit) : 1 << 20)) {
    atomic_fetch_sub(&count, 1);
    if (atomic_fetch_add(&refusals, 1) >= PATIENCE) _exit(99);
    return EAGAIN;
  }
  start *const s = malloc(sizeof *s);
  *s = (start){body, argument};
  const int error = create(thread, attributes, run, s);
  if (error) atomic_fetch_sub(&count, 1);
  return error;
}
