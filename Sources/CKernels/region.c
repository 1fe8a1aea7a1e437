#include "region.h"

#include "loops.h"
#include "reduce.h"
#include "team.h"

typedef struct {
  const ck_program *program;
  size_t count;
} shared_work;

static void run_share(void *context, int member, int members) {
  const shared_work *work = context;
  const ck_program *program = work->program;
  const size_t unit =
      program->sum_count > 0 ? program->chunk : program->once_count > 0 ? CK_TILE : 16;
  const size_t share = (work->count / (size_t)members + unit - 1) / unit * unit;
  const size_t first = share * (size_t)member;
  if (first >= work->count) return;
  const size_t rest = work->count - first;
  ck_active_loops()->program_run(program, first,
                                 member == members - 1 || rest < share ? rest : share);
}

void ck_program_run_shared(const ck_program *program, size_t count, int members) {
  shared_work work = {program, count};
  ck_team_run(run_share, &work, members);
  for (size_t k = 0; k < program->sum_count; k++) {
    ck_join_chunks(program->sums[k].result, program->sums[k].partials,
                   (count + program->chunk - 1) / program->chunk, program->channels);
  }
}
