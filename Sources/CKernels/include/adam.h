#ifndef CKERNELS_ADAM_H
#define CKERNELS_ADAM_H

#include <stddef.h>

/// Hyperparameters of Adam. A moment becomes `decay * moment + weight * gradient`, the second one
/// of the squared gradient.
typedef struct {
  float first_decay, first_weight;
  float second_decay, second_weight;
  float epsilon;
} ck_adam_factors;

/// Makes one step of Adam for `count` parameters, a share to each member of the team:
/// `p - first * step_size / (sqrt(second) * inverse_root + epsilon)` with the moments advanced.
///
/// Every operation is rounded, so the bits are those of the operations one by one. `step_size` and
/// `inverse_root` point to what depends on the number of the update. The arrays are apart.
void ck_adam_step(const ck_adam_factors *factors, float *parameters, float *first_moment,
                  float *second_moment, const float *gradient, const float *step_size,
                  const float *inverse_root, size_t count, int members);

#endif
