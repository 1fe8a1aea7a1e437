#include "adam.h"

#include "target.h"
#include "team.h"

#pragma clang fp contract(off)

typedef struct {
  const ck_adam_factors *factors;
  float *parameters, *first_moment, *second_moment;
  const float *gradient;
  float step_size, inverse_root;
  size_t count;
} adam_work;

CK_CLONES static void step_range(const adam_work *work, size_t start, size_t end) {
  const ck_adam_factors k = *work->factors;
  const float step_size = work->step_size, inverse_root = work->inverse_root;
  float *p = work->parameters, *first = work->first_moment, *second = work->second_moment;
  const float *g = work->gradient;
#pragma clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(2)
  for (size_t i = start; i < end; i++) {
    const float m = first[i] * k.first_decay + g[i] * k.first_weight;
    const float v = second[i] * k.second_decay + g[i] * g[i] * k.second_weight;
    first[i] = m;
    second[i] = v;
    const float root = __builtin_elementwise_sqrt(v) * inverse_root;
    p[i] = p[i] - m * step_size / (root + k.epsilon);
  }
}

static void run_member(void *opaque, int member, int members) {
  const adam_work *work = opaque;
  // Whole cache lines to each member.
  const size_t lines = (work->count + 15) / 16;
  const size_t end = lines * (size_t)(member + 1) / (size_t)members * 16;
  step_range(work, lines * (size_t)member / (size_t)members * 16,
             end < work->count ? end : work->count);
}

void ck_adam_step(const ck_adam_factors *factors, float *parameters, float *first_moment,
                  float *second_moment, const float *gradient, const float *step_size,
                  const float *inverse_root, size_t count, int members) {
  adam_work work = {factors,    parameters,    first_moment, second_moment, gradient, *step_size,
                    *inverse_root, count};
  // Waking the team costs as much as a few thousand parameters.
  ck_team_run(run_member, &work, count < 4096 ? 1 : members);
}
