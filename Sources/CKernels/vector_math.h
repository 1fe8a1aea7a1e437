// Elementary functions of one float, free of branches so that a loop over them vectorises.
//
// Each is within a few units in the last place of the exact value over the whole range, and hands
// on infinities and NaN. Compiled with contraction off, every clone of a loop gives the same bits.
#ifndef CKERNELS_VECTOR_MATH_H
#define CKERNELS_VECTOR_MATH_H

#include "target.h"

#include <stdint.h>

#pragma clang fp contract(off)

CK_INLINE float ck_from_bits(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

CK_INLINE uint32_t ck_to_bits(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// e^x. Splits x into n ln 2 + r, |r| <= ln 2 / 2, with ln 2 in two parts so that r is exact, and
/// takes the Taylor polynomial of degree 7 (truncated at 1e-8). 2^n is applied in two factors so
/// that results below the smallest normal number are rounded, not lost.
CK_INLINE float ck_exp(float x) {
  const float largest = 89.0f, smallest = -104.0f;
  float bounded = x > largest ? largest : x;
  bounded = bounded < smallest ? smallest : bounded;
  bounded = x != x ? 0.0f : bounded;
  const float rounder = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const float n = (bounded * 1.44269504088896341f + rounder) - rounder;
  const float r = (bounded - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r * r + r;
  p = p + 1.0f;
  const int32_t exponent = (int32_t)n;
  const int32_t half = exponent >> 1;
  const float scaled =
      p * ck_from_bits((uint32_t)(half + 127) << 23) *
      ck_from_bits((uint32_t)(exponent - half + 127) << 23);
  return x != x ? x : scaled;
}

/// ln x: minus infinity at 0, NaN below. Splits x into 2^e m with m in [sqrt 1/2, sqrt 2)
/// and sums the series of 2 artanh((m - 1) / (m + 1)) to degree 9 (truncated at 1e-9).
CK_INLINE float ck_log(float x) {
  const int subnormal = x < 1.17549435e-38f;
  const float lifted = subnormal ? x * 8388608.0f : x;
  const uint32_t bits = ck_to_bits(lifted);
  const int32_t shifted = (int32_t)(bits - 0x3f3504f3u) >> 23;
  const float m = ck_from_bits(bits - ((uint32_t)shifted << 23));
  const float e = (float)(shifted - (subnormal ? 23 : 0));
  const float f = m - 1.0f;
  const float s = f / (2.0f + f);
  const float z = s * s;
  float p = 2.0f / 9;
  p = p * z + 2.0f / 7;
  p = p * z + 2.0f / 5;
  p = p * z + 2.0f / 3;
  // ln m = f - s (f - z p): the leading term is exact, the rest is a small correction.
  const float tail = s * (f - z * p);
  float result = e * 0.693359375f + (f - (tail - e * -2.12194440e-4f));
  result = x == __builtin_inff() ? x : result;
  result = x == 0.0f ? -__builtin_inff() : result;
  result = x < 0.0f ? __builtin_nanf("") : result;
  return x != x ? x : result;
}

/// ln(1 + t) for t >= 0, accurate near 0: the rounding of 1 + t is divided out again.
CK_INLINE float ck_log1p_positive(float t) {
  const float u = 1.0f + t;
  const float d = u - 1.0f;
  const float corrected = ck_log(u) * (t / (d == 0.0f ? 1.0f : d));
  return d == 0.0f || t == __builtin_inff() ? t : corrected;
}

/// e^x - 1: the Taylor polynomial of degree 8 within 0.35, the plain difference beyond.
CK_INLINE float ck_expm1(float x) {
  float p = 1.0f / 40320;
  p = p * x + 1.0f / 5040;
  p = p * x + 1.0f / 720;
  p = p * x + 1.0f / 120;
  p = p * x + 1.0f / 24;
  p = p * x + 1.0f / 6;
  p = p * x + 0.5f;
  const float near = p * x * x + x;
  const float magnitude = x < 0.0f ? -x : x;
  return magnitude < 0.35f ? near : ck_exp(x) - 1.0f;
}

/// tanh x as x P(x^2) / Q(x^2), P and Q of degree 4 fitted to the least relative error on
/// [0, 9], beyond which tanh rounds to 1. Within 6 units in the last place.
CK_INLINE float ck_tanh(float x) {
  float bounded = x > 9.0f ? 9.0f : x;
  bounded = bounded < -9.0f ? -9.0f : bounded;
  const float z = bounded * bounded;
  float p = 1.3320166303287806e-08f;
  p = p * z + 2.058428799500689e-05f;
  p = p * z + 3.494084347039461e-03f;
  p = p * z + 1.3379760086536407e-01f;
  p = p * z + 1.0f;
  float q = 7.762472478134441e-07f;
  q = q * z + 3.283173718955368e-04f;
  q = q * z + 2.5871263816952705e-02f;
  q = q * z + 4.6713075041770935e-01f;
  q = q * z + 1.0f;
  const float result = bounded * p / q;
  const float capped = result > 1.0f ? 1.0f : result;
  return capped < -1.0f ? -1.0f : capped;
}

/// 1 / (1 + e^-x).
CK_INLINE float ck_sigmoid(float x) { return 1.0f / (1.0f + ck_exp(-x)); }

/// ln(1 + e^x): the larger of x and 0, plus ln(1 + e^-|x|).
CK_INLINE float ck_softplus(float x) {
  const float magnitude = x < 0.0f ? -x : x;
  const float positive = x > 0.0f ? x : 0.0f;
  const float result = positive + ck_log1p_positive(ck_exp(-magnitude));
  return x != x ? x : result;
}

#endif
