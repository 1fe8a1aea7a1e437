#ifndef CKERNELS_CONVERT_H
#define CKERNELS_CONVERT_H

#include <stddef.h>
#include <stdint.h>

/// Drops the fractions: `count` floats to integers. Values beyond an integer's range become its
/// nearest end, and NaN becomes 0.
void ck_convert_to_i32(int32_t *dst, const float *src, size_t count);

#endif
