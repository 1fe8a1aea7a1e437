// Convolutions with one filter for each channel, channels last; see loop_bodies.h.

enum {
  /// Channels whose sums stay in registers.
  CK_CHANNEL_BLOCK = 32,
};

/// Adds up what taps give one pixel, `count` channels of it, tap after tap.
CK_INLINE void depthwise_block(float *dst, const float *const *pixels, const float *const *weights, int taps,
                               int64_t first, int64_t count) {
  float sums[CK_CHANNEL_BLOCK] = {0};
  for (int tap = 0; tap < taps; tap++) {
    const float *pixel = pixels[tap] + first, *weight = weights[tap] + first;
    for (int64_t i = 0; i < count; i++) sums[i] += pixel[i] * weight[i];
  }
  for (int64_t i = 0; i < count; i++) dst[first + i] = sums[i];
}

static void depthwise_pixel(float *dst, const float *const *pixels, const float *const *weights, int taps,
                            int64_t channels) {
  int64_t first = 0;
  for (; first + CK_CHANNEL_BLOCK <= channels; first += CK_CHANNEL_BLOCK) {
    depthwise_block(dst, pixels, weights, taps, first, CK_CHANNEL_BLOCK);
  }
  if (first + 16 <= channels) {
    depthwise_block(dst, pixels, weights, taps, first, 16);
    first += 16;
  }
  if (first < channels) depthwise_block(dst, pixels, weights, taps, first, channels - first);
}
