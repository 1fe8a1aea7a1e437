// Conversions; see loop_bodies.h.

static void convert_to_i32(int32_t *dst, const float *src, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float x = src[i];
    dst[i] = x >= 0x1p31f ? INT32_MAX : x <= -0x1p31f ? INT32_MIN : x == x ? (int32_t)x : 0;
  }
}
