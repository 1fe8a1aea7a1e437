// Products of float matrices with what follows them fused in, for processors with AVX-512.
//
// Made for a training step whose operands fit the second-level cache: panels of the right operand
// are packed, a tile of the result stays in registers, and is finished (activation, mask, Adam)
// before it leaves the first-level cache. Elsewhere use oneDNN.
#ifndef CKERNELS_PRODUCT_H
#define CKERNELS_PRODUCT_H

#include "adam.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What becomes of the product s before it is written.
typedef enum {
  /// dst = s + bias
  CK_PRODUCT_PLAIN,
  /// dst = x where positive, slope * x elsewhere; x = s + bias
  CK_PRODUCT_LEAKY_RELU,
  /// dst = tanh(s + bias)
  CK_PRODUCT_TANH,
  /// dst = s where `result` is positive, slope * s elsewhere: back through a leaky ReLU
  CK_PRODUCT_MASK_LEAKY_RELU,
  /// dst = s * (1 - result * result): back through a tanh
  CK_PRODUCT_MASK_TANH,
  /// s is the gradient of the parameters `dst`, which make a step of Adam with their moments
  CK_PRODUCT_ADAM,
} ck_product_epilogue;

/// dst [rows, columns] = lhs [rows, inner] · rhs [inner, columns], finished by the epilogue.
///
/// All are dense and row-major; a transposed operand lies in memory as its transpose does.
typedef struct {
  int64_t rows, columns, inner;
  bool transpose_lhs, transpose_rhs;
  ck_product_epilogue epilogue;
  float slope;
  ck_adam_factors adam;
} ck_product;

/// Addresses of a product's operands, which need no alignment (64 bytes is fastest).
///
/// `dst` and what is written otherwise overlap nothing else.
typedef struct {
  const float *lhs, *rhs;
  /// `[columns]` or null.
  const float *bias;
  /// `[rows, columns]`, for the masks.
  const float *result;
  float *dst;
  /// Adam's moments, `[rows, columns]`, and the factors of this update: the step size over the
  /// first moment's correction, and one over the root of the second one's.
  float *first_moment, *second_moment;
  const float *step_size, *inverse_root;
  /// `[rows]` or null: the sums of a transposed left operand over `inner`, a bias's gradient.
  float *lhs_sums;
} ck_product_operands;

/// Whether this processor can run these products; where it cannot, nothing else here may be called.
bool ck_product_supported(void);

/// Bytes of scratch memory for a team of `members`.
size_t ck_product_scratch_bytes(const ck_product *product, int members);

/// Computes the product on the team; every element is the same for any number of members.
///
/// Sums are rounded after every multiply-add, epilogues after every operation: Adam gives the bits
/// that `ck_adam_step` gives for a plain product.
void ck_product_run(const ck_product *product, const ck_product_operands *operands, void *scratch,
                    int members);

#endif
