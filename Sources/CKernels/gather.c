#include "gather.h"

#include <string.h>

void ck_gather_rows_u8(uint8_t *dst, const uint8_t *src, const int32_t *indices, size_t rows,
                       size_t row_bytes) {
  // Rows of a shuffled epoch lie anywhere: ask for them well ahead.
  const size_t ahead = 8;
  for (size_t r = 0; r < rows; r++) {
    if (r + ahead < rows) {
      const uint8_t *later = src + (size_t)indices[r + ahead] * row_bytes;
      for (size_t i = 0; i < row_bytes; i += 64) __builtin_prefetch(later + i);
    }
    memcpy(dst + r * row_bytes, src + (size_t)indices[r] * row_bytes, row_bytes);
  }
}
