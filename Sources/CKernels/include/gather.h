#ifndef CKERNELS_GATHER_H
#define CKERNELS_GATHER_H

#include <stddef.h>
#include <stdint.h>

/// Copies rows of bytes: row `r` of `dst` becomes row `indices[r]` of `src`.
///
/// `indices` has `rows` entries, each a row that `src` has; `dst` and `src` do not overlap.
void ck_gather_rows_u8(uint8_t *dst, const uint8_t *src, const int32_t *indices, size_t rows,
                       size_t row_bytes);

#endif
