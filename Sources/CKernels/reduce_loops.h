// Sums in a fixed order; see loop_bodies.h.

enum {
  /// Columns summed side by side, in accumulators that stay in registers.
  CK_COLUMN_BLOCK = 32,
  /// Rows summed side by side, likewise.
  CK_ROW_BLOCK = 8,
  /// Axes of a reduction.
  CK_SUM_RANK = 16,
};

/// Rows are summed side by side, each front to back: one sum alone would wait for every addition.
static void sum_rows(float *dst, const float *src, size_t rows, size_t columns) {
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

/// Adds `rows` rows of `count` columns to their sums, which stay in registers where the count is known.
CK_INLINE void add_rows(double *sums, const float *src, size_t rows, size_t stride, size_t count) {
  double block[CK_COLUMN_BLOCK];
  for (size_t i = 0; i < count; i++) block[i] = sums[i];
  for (size_t row = 0; row < rows; row++) {
    for (size_t i = 0; i < count; i++) block[i] += src[row * stride + i];
  }
  for (size_t i = 0; i < count; i++) sums[i] = block[i];
}

/// Adds rows of any number of columns, from wide blocks to narrow ones.
static void add_block_rows(double *sums, const float *src, size_t rows, size_t stride,
                           size_t count) {
  size_t column = 0;
  for (; column + CK_COLUMN_BLOCK <= count; column += CK_COLUMN_BLOCK) {
    add_rows(sums + column, src + column, rows, stride, CK_COLUMN_BLOCK);
  }
  if (column + 16 <= count) {
    add_rows(sums + column, src + column, rows, stride, 16);
    column += 16;
  }
  if (column + 8 <= count) {
    add_rows(sums + column, src + column, rows, stride, 8);
    column += 8;
  }
  if (column + 4 <= count) {
    add_rows(sums + column, src + column, rows, stride, 4);
    column += 4;
  }
  for (; column < count; column++) add_rows(sums + column, src + column, rows, stride, 1);
}

static void sum_columns(float *dst, const float *src, size_t rows, size_t stride, size_t first,
                        size_t count) {
  for (size_t done = 0; done < count; done += CK_COLUMN_BLOCK) {
    const size_t width = count - done < CK_COLUMN_BLOCK ? count - done : CK_COLUMN_BLOCK;
    double sums[CK_COLUMN_BLOCK] = {0};
    add_block_rows(sums, src + first + done, rows, stride, width);
    for (size_t i = 0; i < width; i++) dst[first + done + i] = (float)sums[i];
  }
}

static void add_columns(double *sums, const float *src, size_t rows, size_t columns) {
  add_block_rows(sums, src, rows, columns, columns);
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

/// Sums of up to a block of elements side by side; the innermost summed axis is a matrix's rows.
static void sum_block(float *dst, const float *src, const ck_axes *summed, size_t count) {
  const int inner = summed->rank - 1;
  const ck_axes outer = {inner, summed->extents, summed->strides};
  int64_t index[CK_SUM_RANK] = {0};
  int64_t offset = 0;
  double sums[CK_COLUMN_BLOCK] = {0};
  do {
    add_block_rows(sums, src + offset, (size_t)summed->extents[inner],
                   (size_t)summed->strides[inner], count);
  } while (advance(&outer, index, &offset));
  for (size_t i = 0; i < count; i++) dst[i] = (float)sums[i];
}

static void sum_axes(float *dst, const float *src, const ck_axes *kept, size_t count,
                     const ck_axes *summed, int64_t first, int64_t last) {
  int64_t index[CK_SUM_RANK] = {0};
  int64_t rest = first, offset = 0;
  for (int axis = kept->rank - 1; axis >= 0; axis--) {
    index[axis] = rest % kept->extents[axis];
    offset += index[axis] * kept->strides[axis];
    rest /= kept->extents[axis];
  }
  dst += (size_t)first * count;
  for (int64_t place = first; place < last; place++) {
    for (size_t done = 0; done < count; done += CK_COLUMN_BLOCK) {
      const size_t left = count - done;
      sum_block(dst + done, src + offset + done, summed,
                left < CK_COLUMN_BLOCK ? left : CK_COLUMN_BLOCK);
    }
    dst += count;
    advance(kept, index, &offset);
  }
}
