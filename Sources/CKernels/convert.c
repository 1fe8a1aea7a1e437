#include "convert.h"

#include "loops.h"

void ck_convert_to_i32(int32_t *dst, const float *src, size_t count) {
  ck_active_loops()->convert_to_i32(dst, src, count);
}
