// glibc declares pthread_setname_np and pthread_setattr_default_np for GNU programs only, which Swift's
// import is not.
#define _GNU_SOURCE

#include "thread.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

void ck_name_this_thread(const char *name) {
#if defined(__APPLE__)
  pthread_setname_np(name);
#else
  pthread_setname_np(pthread_self(), name);
#endif
}

void ck_take_process_niceness(void) {
#if defined(__linux__)
  errno = 0;
  const int niceness = getpriority(PRIO_PROCESS, (id_t)getpid());
  // Where it may not be lowered again, it was not lowered either.
  if (errno == 0) setpriority(PRIO_PROCESS, 0, niceness);
#endif
}

void ck_set_default_stack(void) {
#if defined(__linux__)
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes)) return;
  if (pthread_attr_setstacksize(&attributes, CK_STACK_BYTES) == 0) {
    pthread_setattr_default_np(&attributes);
  }
  pthread_attr_destroy(&attributes);
#endif
}

static int start(pthread_t *thread, int state, void *(*body)(void *), void *argument) {
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error) return error;
  error = pthread_attr_setstacksize(&attributes, CK_STACK_BYTES);
  if (!error) error = pthread_attr_setdetachstate(&attributes, state);
  if (!error) error = pthread_create(thread, &attributes, body, argument);
  pthread_attr_destroy(&attributes);
  return error;
}

int ck_start_thread(void *(*body)(void *), void *argument) {
  pthread_t thread;
  return start(&thread, PTHREAD_CREATE_DETACHED, body, argument);
}

// What threads of a trial wait for.
typedef struct {
  pthread_mutex_t mutex;
  pthread_cond_t ends;
  int is_over;
} trial;

static void *await_end(void *opaque) {
  trial *const t = opaque;
  pthread_mutex_lock(&t->mutex);
  while (!t->is_over) pthread_cond_wait(&t->ends, &t->mutex);
  pthread_mutex_unlock(&t->mutex);
  return NULL;
}

int ck_thread_room(int count) {
  if (count < 1) return 0;
  pthread_t *const threads = malloc((size_t)count * sizeof *threads);
  if (!threads) return 0;
  trial t = {.is_over = 0};
  pthread_mutex_init(&t.mutex, NULL);
  pthread_cond_init(&t.ends, NULL);
  int started = 0;
  while (started < count &&
         start(&threads[started], PTHREAD_CREATE_JOINABLE, await_end, &t) == 0) {
    started++;
  }
  pthread_mutex_lock(&t.mutex);
  t.is_over = 1;
  pthread_cond_broadcast(&t.ends);
  pthread_mutex_unlock(&t.mutex);
  for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
  pthread_cond_destroy(&t.ends);
  pthread_mutex_destroy(&t.mutex);
  free(threads);
  return started;
}
