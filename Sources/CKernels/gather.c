#include "gather.h"

#include <string.h>

void ck_gather_rows_u8(uint8_t *dst, const uint8_t *src, const int32_t *indices, size_t rows,
                       size_t row_bytes) {
  for (size_t r = 0; r < rows; r++) {
    memcpy(dst + r * row_bytes, src + (size_t)indices[r] * row_bytes, row_bytes);
  }
}
