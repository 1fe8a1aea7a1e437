#include "team.h"

#if defined(__linux__)

// What `#pragma omp parallel` compiles to. Calling the library directly keeps `-fopenmp`, an unsafe
// flag with a runtime of clang's own, out of the package.
extern void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_num_procs(void);
extern void omp_set_num_threads(int);

typedef struct {
  ck_team_body body;
  void *context;
  int members;
} team_work;

static void run_share(void *opaque) {
  const team_work *work = opaque;
  const int stride = omp_get_num_threads();
  for (int member = omp_get_thread_num(); member < work->members; member += stride) {
    work->body(work->context, member, work->members);
  }
}

void ck_team_run(ck_team_body body, void *context, int members) {
  if (members <= 1) {
    body(context, 0, 1);
    return;
  }
  team_work work = {body, context, members};
  GOMP_parallel(run_share, &work, (unsigned)members, 0);
}

void ck_team_set_size(int members) { omp_set_num_threads(members < 1 ? 1 : members); }

int ck_processor_count(void) { return omp_get_num_procs(); }

#else

#include <unistd.h>

void ck_team_run(ck_team_body body, void *context, int members) {
  const int count = members < 1 ? 1 : members;
  for (int member = 0; member < count; member++) body(context, member, count);
}

void ck_team_set_size(int members) { (void)members; }

int ck_processor_count(void) {
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : (int)count;
}

#endif
