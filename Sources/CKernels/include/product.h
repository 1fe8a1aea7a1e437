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

/// A product lhsᵀ · rhs; lhs is [inner, rows] and rhs [inner, columns].
///
/// Both are dense and row-major, at any address (64 bytes aligned is fastest); a transposed rhs lies
/// in memory as its transpose does.
typedef struct {
  int64_t inner;
  bool transpose_rhs;
  const float *lhs, *rhs;
  /// `[rows]` or null: the sums of the left operand over `inner`, a bias's gradient.
  float *lhs_sums;
} ck_product_term;

/// dst [rows, columns] = the sum of all terms, used up by the epilogue.
typedef struct {
  int64_t rows, columns;
  const ck_product_term *terms;
  size_t term_count;
  ck_product_epilogue epilogue;
  ck_adam_factors adam;
} ck_product;

/// Where the result goes; what is written overlaps nothing else.
typedef struct {
  float *dst;
  /// Adam's moments, `[rows, columns]`, and the factors of this update: the step size over the
  /// first moment's correction, and one over the root of the second one's.
  float *first_moment, *second_moment;
  const float *step_size, *inverse_root;
} ck_product_destination;

/// Whether this processor can run these products; where it cannot, nothing else here may be called.
bool ck_product_supported(void);

/// Bytes of scratch memory for a team of `members`.
size_t ck_product_scratch_bytes(const ck_product *product, int members);

/// Computes the product on the team; every element is the same for any number of members.
///
/// Products are rounded after every multiply-add, term after term; Adam after every operation: a step
/// made on the way has the bits of one made afterwards.
void ck_product_run(const ck_product *product, const ck_product_destination *destination,
                    void *scratch, int members);

#endif
