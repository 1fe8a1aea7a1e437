#include "reduce.h"

#include "target.h"
#include "team.h"

#include <string.h>

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

CK_CLONES void ck_add_columns(double *sums, const float *src, size_t rows, size_t columns) {
  size_t column = 0;
  for (; column + CK_COLUMN_BLOCK <= columns; column += CK_COLUMN_BLOCK) {
    double block[CK_COLUMN_BLOCK];
    for (int i = 0; i < CK_COLUMN_BLOCK; i++) block[i] = sums[column + (size_t)i];
    for (size_t row = 0; row < rows; row++) {
      const float *values = src + row * columns + column;
      for (int i = 0; i < CK_COLUMN_BLOCK; i++) block[i] += values[i];
    }
    for (int i = 0; i < CK_COLUMN_BLOCK; i++) sums[column + (size_t)i] = block[i];
  }
  for (; column < columns; column += 16) {
    double block[16];
    for (int i = 0; i < 16; i++) block[i] = sums[column + (size_t)i];
    for (size_t row = 0; row < rows; row++) {
      const float *values = src + row * columns + column;
      for (int i = 0; i < 16; i++) block[i] += values[i];
    }
    for (int i = 0; i < 16; i++) sums[column + (size_t)i] = block[i];
  }
}

void ck_join_chunks(float *dst, const double *partials, size_t chunks, size_t columns) {
  for (size_t column = 0; column < columns; column++) {
    double sum = 0;
    for (size_t chunk = 0; chunk < chunks; chunk++) sum += partials[chunk * columns + column];
    dst[column] = (float)sum;
  }
}

typedef struct {
  double *partials;
  const float *src;
  size_t rows, columns, chunk_rows;
} chunked_sums;

static void sum_chunks_share(void *context, int member, int members) {
  const chunked_sums *work = context;
  const size_t chunks = (work->rows + work->chunk_rows - 1) / work->chunk_rows;
  const size_t last = chunks * (size_t)(member + 1) / (size_t)members;
  for (size_t chunk = chunks * (size_t)member / (size_t)members; chunk < last; chunk++) {
    double *sums = work->partials + chunk * work->columns;
    memset(sums, 0, work->columns * sizeof *sums);
    const size_t first = chunk * work->chunk_rows, rest = work->rows - first;
    ck_add_columns(sums, work->src + first * work->columns,
                   rest < work->chunk_rows ? rest : work->chunk_rows, work->columns);
  }
}

void ck_sum_columns_by_chunks(float *dst, double *partials, const float *src, size_t rows,
                              size_t columns, size_t chunk_rows, int members) {
  chunked_sums work = {partials, src, rows, columns, chunk_rows};
  ck_team_run(sum_chunks_share, &work, members);
  ck_join_chunks(dst, partials, (rows + chunk_rows - 1) / chunk_rows, columns);
}

/// The next index in row-major order; returns 0 after the last.
static int advance(const ck_axes *axes, int64_t *index, int64_t *offset) {
  for (int axis = axes->rank - 1; axis >= 0; axis--) {
    *offset += axes->strides[axis];
    if (++index[axis] < axes->extents[axis]) return 1;
    *offset -= axes->strides[axis] * axes->extents[axis];
    index[axis] = 0;
  }
  return 0;
}

typedef struct {
  float *dst;
  const float *src;
  const ck_axes *kept, *summed;
  size_t count;
} summed_axes;

/// Sums of up to a block of elements side by side.
CK_CLONES static void sum_block(float *dst, const float *src, const ck_axes *summed, size_t count) {
  int64_t index[CK_SUM_RANK] = {0};
  int64_t offset = 0;
  double sums[CK_COLUMN_BLOCK] = {0};
  do {
    const float *values = src + offset;
    if (count == CK_COLUMN_BLOCK) {
      for (int i = 0; i < CK_COLUMN_BLOCK; i++) sums[i] += values[i];
    } else {
      for (size_t i = 0; i < count; i++) sums[i] += values[i];
    }
  } while (advance(summed, index, &offset));
  for (size_t i = 0; i < count; i++) dst[i] = (float)sums[i];
}

static void sum_axes_share(void *context, int member, int members) {
  const summed_axes *work = context;
  int64_t total = 1;
  for (int axis = 0; axis < work->kept->rank; axis++) total *= work->kept->extents[axis];
  const int64_t first = total * member / members, last = total * (member + 1) / members;
  int64_t index[CK_SUM_RANK] = {0};
  int64_t rest = first, offset = 0;
  for (int axis = work->kept->rank - 1; axis >= 0; axis--) {
    index[axis] = rest % work->kept->extents[axis];
    offset += index[axis] * work->kept->strides[axis];
    rest /= work->kept->extents[axis];
  }
  float *dst = work->dst + (size_t)first * work->count;
  for (int64_t kept = first; kept < last; kept++) {
    for (size_t done = 0; done < work->count; done += CK_COLUMN_BLOCK) {
      const size_t left = work->count - done;
      sum_block(dst + done, work->src + offset + done, work->summed,
                left < CK_COLUMN_BLOCK ? left : CK_COLUMN_BLOCK);
    }
    dst += work->count;
    advance(work->kept, index, &offset);
  }
}

void ck_sum_axes(float *dst, const float *src, const ck_axes *kept, size_t count,
                 const ck_axes *summed, int members) {
  summed_axes work = {dst, src, kept, summed, count};
  ck_team_run(sum_axes_share, &work, members);
}
