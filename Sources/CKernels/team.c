// glibc declares sched_getaffinity for GNU programs only.
#define _GNU_SOURCE

#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "thread.h"

enum {
  cache_line = 64,
  // How long a thread waits awake. What lies between two kernels of a step is shorter; a turn on a processor
  // that others want, too, is a hundred times as long.
  awake_nanoseconds = 50000,
  // Looks between two at the clock.
  looks = 16,
  // Bytes of a thread's stack: kernels keep tiles on it.
  stack_bytes = 1 << 20,
};

// A thread other than the caller's, and the share of the work it is offered.
//
// `offer` is twice the number of a piece of work once it is offered, and one more once somebody has taken it:
// whoever changes the first into the second runs the share, so a thread that comes late finds nothing.
typedef struct {
  _Alignas(cache_line) _Atomic uint64_t offer;
  atomic_bool is_asleep;
  pthread_cond_t is_offered;
  pthread_t thread;
  ck_team *team;
  int member;
} worker;

struct ck_team {
  // What is to be done; written before it is offered, and not before every share is done.
  ck_team_body body;
  void *context;
  int members;
  uint64_t number;

  _Alignas(cache_line) atomic_int unfinished;
  atomic_bool caller_is_asleep;
  atomic_bool is_ending;
  pthread_mutex_t mutex;
  pthread_cond_t is_finished;
  int worker_count;
  worker *workers;
};

static _Thread_local ck_team *current;
static atomic_int thread_count;

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

// How long a thread has waited.
typedef struct {
  int turns;
  int64_t end;
} patience;

// One look more; false when there were enough.
static bool waits_awake(patience *p) {
  relax();
  if (++p->turns % looks != 0) return true;
  const int64_t now = nanoseconds();
  if (p->end == 0) p->end = now + awake_nanoseconds;
  return now < p->end;
}

// MARK: Workers

static bool is_offered(const worker *w) { return atomic_load(&w->offer) % 2 == 0; }

static bool take(worker *w) {
  uint64_t offer = atomic_load(&w->offer);
  return offer % 2 == 0 && atomic_compare_exchange_strong(&w->offer, &offer, offer + 1);
}

static void finish_share(ck_team *team) {
  if (atomic_fetch_sub(&team->unfinished, 1) > 1 || !atomic_load(&team->caller_is_asleep)) return;
  pthread_mutex_lock(&team->mutex);
  pthread_cond_signal(&team->is_finished);
  pthread_mutex_unlock(&team->mutex);
}

static void await_offer(worker *w) {
  ck_team *const team = w->team;
  for (patience p = {0, 0}; waits_awake(&p);) {
    if (is_offered(w) || atomic_load_explicit(&team->is_ending, memory_order_relaxed)) return;
  }
  pthread_mutex_lock(&team->mutex);
  // The offer is written before this is read, and this before the offer is read: one sees the other.
  atomic_store(&w->is_asleep, true);
  while (!is_offered(w) && !atomic_load(&team->is_ending)) {
    pthread_cond_wait(&w->is_offered, &team->mutex);
  }
  atomic_store(&w->is_asleep, false);
  pthread_mutex_unlock(&team->mutex);
}

static void *run_worker(void *opaque) {
  worker *const w = opaque;
  ck_team *const team = w->team;
  ck_name_this_thread("gan-worker");
  while (!atomic_load(&team->is_ending)) {
    if (take(w)) {
      team->body(team->context, w->member, team->members);
      finish_share(team);
    } else {
      await_offer(w);
    }
  }
  return NULL;
}

// MARK: The caller

static void offer(ck_team *team, worker *w) {
  atomic_store(&w->offer, 2 * team->number);
  if (!atomic_load(&w->is_asleep)) return;
  pthread_mutex_lock(&team->mutex);
  pthread_cond_signal(&w->is_offered);
  pthread_mutex_unlock(&team->mutex);
}

static void await_finish(ck_team *team) {
  for (patience p = {0, 0}; waits_awake(&p);) {
    if (atomic_load_explicit(&team->unfinished, memory_order_acquire) == 0) return;
  }
  pthread_mutex_lock(&team->mutex);
  atomic_store(&team->caller_is_asleep, true);
  while (atomic_load(&team->unfinished) > 0) pthread_cond_wait(&team->is_finished, &team->mutex);
  atomic_store(&team->caller_is_asleep, false);
  pthread_mutex_unlock(&team->mutex);
}

void ck_team_run(ck_team_body body, void *context, int members) {
  if (members < 1) members = 1;
  ck_team *const team = current;
  const int helpers = !team ? 0 : members - 1 < team->worker_count ? members - 1 : team->worker_count;
  if (helpers > 0) {
    team->body = body;
    team->context = context;
    team->members = members;
    team->number++;
    atomic_store(&team->unfinished, helpers);
    for (int i = 0; i < helpers; i++) offer(team, &team->workers[i]);
  }
  body(context, 0, members);
  for (int member = helpers + 1; member < members; member++) body(context, member, members);
  for (int i = 0; i < helpers; i++) {
    if (!take(&team->workers[i])) continue;
    body(context, i + 1, members);
    atomic_fetch_sub(&team->unfinished, 1);
  }
  if (helpers > 0) await_finish(team);
}

void ck_team_use(ck_team *team) { current = team; }

ck_team *ck_team_current(void) { return current; }

int ck_team_thread_count(void) { return atomic_load(&thread_count); }

// MARK: Life

// Ends the first `count` workers, whose threads run.
static void end_workers(ck_team *team, int count) {
  pthread_mutex_lock(&team->mutex);
  atomic_store(&team->is_ending, true);
  for (int i = 0; i < count; i++) pthread_cond_signal(&team->workers[i].is_offered);
  pthread_mutex_unlock(&team->mutex);
  for (int i = 0; i < count; i++) {
    pthread_join(team->workers[i].thread, NULL);
    atomic_fetch_sub(&thread_count, 1);
  }
  for (int i = 0; i < team->worker_count; i++) pthread_cond_destroy(&team->workers[i].is_offered);
  pthread_cond_destroy(&team->is_finished);
  pthread_mutex_destroy(&team->mutex);
  free(team->workers);
  free(team);
}

static int start(worker *w) {
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error) return error;
  pthread_attr_setstacksize(&attributes, stack_bytes);
  error = pthread_create(&w->thread, &attributes, run_worker, w);
  pthread_attr_destroy(&attributes);
  if (!error) atomic_fetch_add(&thread_count, 1);
  return error;
}

ck_team *ck_team_create(int members) {
  const int worker_count = members > 1 ? members - 1 : 0;
  ck_team *team = aligned_alloc(cache_line, sizeof(ck_team));
  worker *workers = aligned_alloc(cache_line, (size_t)(worker_count + 1) * sizeof(worker));
  if (!team || !workers) {
    free(team);
    free(workers);
    return NULL;
  }
  *team = (ck_team){.worker_count = worker_count, .workers = workers};
  pthread_mutex_init(&team->mutex, NULL);
  pthread_cond_init(&team->is_finished, NULL);
  for (int i = 0; i < worker_count; i++) {
    // Work number 0 counts as taken.
    workers[i] = (worker){.offer = 1, .team = team, .member = i + 1};
    pthread_cond_init(&workers[i].is_offered, NULL);
  }
  for (int i = 0; i < worker_count; i++) {
    if (start(&workers[i])) {
      end_workers(team, i);
      return NULL;
    }
  }
  return team;
}

void ck_team_destroy(ck_team *team) {
  if (!team) return;
  if (current == team) current = NULL;
  end_workers(team, team->worker_count);
}

int ck_processor_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : (int)count;
}
