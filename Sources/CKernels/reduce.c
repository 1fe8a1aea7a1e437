#include "reduce.h"

#include "target.h"
#include "team.h"

enum {
  /// Columns summed side by side, in accumulators that stay in registers.
  CK_COLUMN_BLOCK = 32,
  /// Rows summed side by side, likewise.
  CK_ROW_BLOCK = 8,
  /// Axes of a reduction.
  CK_SUM_RANK = 16,
};

/// Rows are summed side by side, each front to back: one sum alone would wait for every addition.
CK_CLONES static void sum_rows(float *dst, const float *src, size_t rows, size_t columns) {
  size_t row = 0;
  for (; row + CK_ROW_BLOCK <= rows; row += CK_ROW_BLOCK) {
    double sums[CK_ROW_BLOCK] = {0};
    const float *values = src + row * columns;
    for (size_t column = 0; column < columns; column++) {
      for (size_t i = 0; i < CK_ROW_BLOCK; i++) sums[i] += values[i * columns + column];
    }
    for (size_t i = 0; i < CK_ROW_BLOCK; i++) dst[row + i] = (float)sums[i];
  }
  for (; row < rows; row++) {
    double sum = 0;
    for (size_t column = 0; column < columns; column++) sum += src[row * columns + column];
    dst[row] = (float)sum;
  }
}

typedef struct {
  float *dst;
  const float *src;
  size_t rows, columns;
} shared_sums;

static void sum_rows_share(void *context, int member, int members) {
  const shared_sums *work = context;
  const size_t share = (work->rows / (size_t)members + CK_ROW_BLOCK - 1) / CK_ROW_BLOCK
                       * CK_ROW_BLOCK;
  const size_t first = share * (size_t)member;
  if (first >= work->rows) return;
  const size_t rest = work->rows - first;
  sum_rows(work->dst + first, work->src + first * work->columns,
           member == members - 1 || rest < share ? rest : share, work->columns);
}

void ck_sum_rows_shared(float *dst, const float *src, size_t rows, size_t columns, int members) {
  shared_sums work = {dst, src, rows, columns};
  ck_team_run(sum_rows_share, &work, members);
}

CK_CLONES void ck_sum_columns(float *dst, const float *src, size_t rows, size_t stride,
                              size_t first, size_t count) {
  size_t column = 0;
  for (; column + CK_COLUMN_BLOCK <= count; column += CK_COLUMN_BLOCK) {
    double sums[CK_COLUMN_BLOCK] = {0};
    for (size_t row = 0; row < rows; row++) {
      const float *values = src + row * stride + first + column;
      for (int i = 0; i < CK_COLUMN_BLOCK; i++) sums[i] += values[i];
    }
    for (int i = 0; i < CK_COLUMN_BLOCK; i++) dst[first + column + (size_t)i] = (float)sums[i];
  }
  for (; column < count; column++) {
    double sum = 0;
    for (size_t row = 0; row < rows; row++) sum += src[row * stride + first + column];
    dst[first + column] = (float)sum;
  }
}

static void sum_columns_share(void *context, int member, int members) {
  const shared_sums *work = context;
  const size_t share = (work->columns / (size_t)members + 15) / 16 * 16;
  const size_t first = share * (size_t)member;
  if (first >= work->columns) return;
  const size_t rest = work->columns - first;
  ck_sum_columns(work->dst, work->src, work->rows, work->columns, first,
                 member == members - 1 || rest < share ? rest : share);
}

void ck_sum_columns_shared(float *dst, const float *src, size_t rows, size_t columns,
                           int members) {
  shared_sums work = {dst, src, rows, columns};
  ck_team_run(sum_columns_share, &work, members);
}

/// The next index in row-major order; returns 0 after the last.
static int advance(int rank, const int64_t *extents, const int64_t *strides, int64_t *index,
                   int64_t *offset) {
  for (int axis = rank - 1; axis >= 0; axis--) {
    *offset += strides[axis];
    if (++index[axis] < extents[axis]) return 1;
    *offset -= strides[axis] * extents[axis];
    index[axis] = 0;
  }
  return 0;
}

void ck_sum_axes(float *dst, const float *src, int kept_rank, const int64_t *kept_extents,
                 const int64_t *kept_strides, int summed_rank, const int64_t *summed_extents,
                 const int64_t *summed_strides) {
  int64_t kept[CK_SUM_RANK] = {0};
  int64_t start = 0;
  do {
    int64_t summed[CK_SUM_RANK] = {0};
    int64_t offset = start;
    double sum = 0;
    do {
      sum += src[offset];
    } while (advance(summed_rank, summed_extents, summed_strides, summed, &offset));
    *dst++ = (float)sum;
  } while (advance(kept_rank, kept_extents, kept_strides, kept, &start));
}
