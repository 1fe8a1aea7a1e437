// Sums in a fixed order: each result is accumulated in double, front to back, and rounded once, so
// that it depends neither on the thread count nor on the vector width.
#ifndef CKERNELS_REDUCE_H
#define CKERNELS_REDUCE_H

#include <stddef.h>
#include <stdint.h>

/// For each of `rows` rows of `columns` floats, its sum; a share of the rows to each member of the
/// team.
void ck_sum_rows_shared(float *dst, const float *src, size_t rows, size_t columns, int members);

/// The sums of all columns of a packed matrix, a share of them to each member of the team.
void ck_sum_columns_shared(float *dst, const float *src, size_t rows, size_t columns, int members);

/// The sums of `columns` columns, a multiple of 16, of a packed matrix whose rows are taken in chunks:
/// each chunk is summed row after row, and then the chunks in order. Chunks, and not their sums, are
/// shared by the team. `partials` has a double for each column of each chunk.
void ck_sum_columns_by_chunks(float *dst, double *partials, const float *src, size_t rows,
                              size_t columns, size_t chunk_rows, int members);

/// The last step of that: the sums of the chunks' sums.
void ck_join_chunks(float *dst, const double *partials, size_t chunks, size_t columns);

/// Axes, outermost first, with the elements between neighbours along each.
typedef struct {
  int rank;
  const int64_t *extents, *strides;
} ck_axes;

/// Sums over some axes of a tensor, whatever their order: for each index of the kept axes and each of
/// `count` elements side by side there, in row-major order, the sum over all indices of the summed
/// axes, in row-major order. A share of the kept indices to each member of the team.
void ck_sum_axes(float *dst, const float *src, const ck_axes *kept, size_t count,
                 const ck_axes *summed, int members);

#endif
