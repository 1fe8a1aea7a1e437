#include "strided.h"

#include <string.h>

#include "target.h"

CK_INLINE void copy_elements(char *dst, int64_t dst_stride, const char *src, int64_t src_stride,
                             int64_t count, size_t bytes) {
  for (int64_t i = 0; i < count; i++) {
    memcpy(dst + (size_t)(i * dst_stride) * bytes, src + (size_t)(i * src_stride) * bytes, bytes);
  }
}

static void copy_run(char *dst, int64_t dst_stride, const char *src, int64_t src_stride,
                     int64_t count, size_t bytes) {
  if (dst_stride == 1 && src_stride == 1) {
    memcpy(dst, src, (size_t)count * bytes);
    return;
  }
  // With a size known here, each copy is one load and one store.
  switch (bytes) {
    case 1: copy_elements(dst, dst_stride, src, src_stride, count, 1); return;
    case 4: copy_elements(dst, dst_stride, src, src_stride, count, 4); return;
    default: copy_elements(dst, dst_stride, src, src_stride, count, bytes);
  }
}

void ck_copy_strided(void *dst, const int64_t *dst_strides, const void *src,
                     const int64_t *src_strides, const int64_t *extents, int rank,
                     size_t element_bytes) {
  if (rank == 0) {
    memcpy(dst, src, element_bytes);
    return;
  }
  if (rank == 1) {
    copy_run(dst, dst_strides[0], src, src_strides[0], extents[0], element_bytes);
    return;
  }
  for (int64_t i = 0; i < extents[0]; i++) {
    ck_copy_strided((char *)dst + (size_t)(i * dst_strides[0]) * element_bytes, dst_strides + 1,
                    (const char *)src + (size_t)(i * src_strides[0]) * element_bytes,
                    src_strides + 1, extents + 1, rank - 1, element_bytes);
  }
}

void ck_scatter_add_rows(float *dst, size_t dst_rows, const float *src, const int32_t *indices,
                         size_t rows, size_t columns) {
  memset(dst, 0, dst_rows * columns * sizeof *dst);
  for (size_t row = 0; row < rows; row++) {
    float *into = dst + (size_t)indices[row] * columns;
    for (size_t column = 0; column < columns; column++) into[column] += src[row * columns + column];
  }
}

void ck_matmul_plain(float *dst, const float *lhs, const float *rhs, const float *bias,
                     size_t rows, size_t inner, size_t columns, int transpose_lhs,
                     int transpose_rhs) {
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      double sum = 0;
      for (size_t k = 0; k < inner; k++) {
        const float a = lhs[transpose_lhs ? k * rows + row : row * inner + k];
        const float b = rhs[transpose_rhs ? column * inner + k : k * columns + column];
        sum += (double)a * b;
      }
      dst[row * columns + column] = (float)(bias ? sum + bias[column] : sum);
    }
  }
}
