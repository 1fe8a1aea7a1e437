// Products of float matrices that are gradients, with the step of Adam they are for, for processors
// with AVX-512.
//
// Panels of the right operand are packed, a tile of the result stays in registers, and is used up by
// the optimiser before it leaves the first-level cache. Other products are oneDNN's.
#ifndef CKERNELS_PRODUCT_H
#define CKERNELS_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Hyperparameters of Adam. A moment becomes `decay * moment + weight * gradient`, the second one
/// of the squared gradient.
typedef struct {
  float first_decay, first_weight;
  float second_decay, second_weight;
  float epsilon;
} ck_adam_factors;

/// What becomes of the product s.
typedef enum {
  /// dst = s
  CK_PRODUCT_PLAIN,
  /// s is the gradient of the parameters `dst`, which make a step of Adam with their moments:
  /// `p - first * step_size / (sqrt(second) * inverse_root + epsilon)`
  CK_PRODUCT_ADAM,
} ck_product_epilogue;

/// dst [rows, columns] = lhsᵀ · rhs, used up by the epilogue; lhs is [inner, rows] and rhs
/// [inner, columns].
///
/// All are dense and row-major; a transposed rhs lies in memory as its transpose does.
typedef struct {
  int64_t rows, columns, inner;
  bool transpose_rhs;
  ck_product_epilogue epilogue;
  ck_adam_factors adam;
} ck_product;

/// Addresses of a product's operands, which need no alignment (64 bytes is fastest).
///
/// `dst` and what is written otherwise overlap nothing else.
typedef struct {
  const float *lhs, *rhs;
  float *dst;
  /// Adam's moments, `[rows, columns]`, and the factors of this update: the step size over the
  /// first moment's correction, and one over the root of the second one's.
  float *first_moment, *second_moment;
  const float *step_size, *inverse_root;
  /// `[rows]` or null: the sums of the left operand over `inner`, a bias's gradient.
  float *lhs_sums;
} ck_product_operands;

/// Whether this processor can run these products; where it cannot, nothing else here may be called.
bool ck_product_supported(void);

/// Bytes of scratch memory for a team of `members`.
size_t ck_product_scratch_bytes(const ck_product *product, int members);

/// Computes the product on the team; every element is the same for any number of members.
///
/// Products are rounded after every multiply-add, Adam after every operation: a step made on the way
/// has the bits of one made afterwards.
void ck_product_run(const ck_product *product, const ck_product_operands *operands, void *scratch,
                    int members);

#endif
