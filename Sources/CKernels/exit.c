#include "exit.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// `ending` is written before `working` is read, and `working` before `ending`, both in one order
// for all threads: a thread sees the end, or the end sees the thread.
static atomic_int ending;
static atomic_int working;
static _Thread_local int is_working;

static const int wait_milliseconds = 5000;
static const int guard_limit = 16;

static void await_workers(void) {
  atomic_store(&ending, 1);
  // A thread that ends the process in the middle of its work does not wait for itself.
  const int own = is_working;
  for (int waited = 0; atomic_load(&working) > own && waited < wait_milliseconds; waited++) {
    const struct timespec millisecond = {0, 1000000};
    nanosleep(&millisecond, NULL);
  }
}

void ck_exit_guard(void) {
  // Libraries register what they do as they are first used; a server prepares without an end.
  static atomic_int count;
  if (atomic_fetch_add(&count, 1) < guard_limit) atexit(await_workers);
}

static void stop_for_good(void) {
  atomic_fetch_sub(&working, 1);
  for (;;) pause();
}

void ck_work_begin(void) {
  is_working = 1;
  atomic_fetch_add(&working, 1);
  if (atomic_load(&ending)) stop_for_good();
}

void ck_work_point(void) {
  if (atomic_load_explicit(&ending, memory_order_relaxed) && is_working) stop_for_good();
}

void ck_work_end(void) {
  is_working = 0;
  atomic_fetch_sub(&working, 1);
}
