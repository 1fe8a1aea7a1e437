// Copies between memory in different orders, and rows added to rows.
#ifndef CKERNELS_STRIDED_H
#define CKERNELS_STRIDED_H

#include <stddef.h>
#include <stdint.h>

/// Copies a box of elements of 1, 4 or 8 bytes; strides are in elements, 0 repeats.
///
/// Permutation, slices, parts of concatenations, padding and materialised broadcasts are all this.
void ck_copy_strided(void *dst, const int64_t *dst_strides, const void *src,
                     const int64_t *src_strides, const int64_t *extents, int rank,
                     size_t element_bytes);

/// Adds row `r` of `src` to row `indices[r]` of `dst`, in ascending order of `r`; `dst` starts as
/// `dst_rows` rows of zeros.
void ck_scatter_add_rows(float *dst, size_t dst_rows, const float *src, const int32_t *indices,
                         size_t rows, size_t columns);

/// dst[rows, columns] = op(lhs) op(rhs) + bias in plain loops, each element accumulated in double in
/// ascending order of the inner index: the candidate that never refuses. `bias` may be null.
void ck_matmul_plain(float *dst, const float *lhs, const float *rhs, const float *bias,
                     size_t rows, size_t inner, size_t columns, int transpose_lhs,
                     int transpose_rhs);

#endif
