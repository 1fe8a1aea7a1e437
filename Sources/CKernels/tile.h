// Vectors of AVX-512 and the product that stays in them, for the files that compute gradients with it.
#ifndef CKERNELS_TILE_H
#define CKERNELS_TILE_H

#if defined(__x86_64__)

#include <immintrin.h>
#include <stdbool.h>

// Without the minimal width clang cuts vectors of 512 bits in half.
#define WIDE __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define WIDE_INLINE WIDE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

enum {
  lanes = 16,
  // A tile of 12 x 32 sums takes 24 of the 32 registers.
  tallest = 12,
  panel = 2 * lanes,
};

typedef float vector __attribute__((ext_vector_type(lanes), aligned(4)));

WIDE_INLINE vector load(const float *source) { return *(const vector *)source; }
WIDE_INLINE void store(float *destination, vector v) { *(vector *)destination = v; }

WIDE_INLINE vector load_some(const float *source, __mmask16 mask) {
  return (vector)_mm512_maskz_loadu_ps(mask, source);
}

WIDE_INLINE void store_some(float *destination, __mmask16 mask, vector v) {
  _mm512_mask_storeu_ps(destination, mask, (__m512)v);
}

// The first `count` lanes.
WIDE_INLINE __mmask16 first_lanes(long count) {
  return count >= lanes ? 0xffff : count <= 0 ? 0 : (__mmask16)((1u << count) - 1);
}

// MARK: Products of a tile

// Element (r, k) of the left operand is at lhs[r + k * stride]; the right operand's panel is packed.
// Where it `adds`, it goes on from what is in the tile.
typedef void (*tile_product)(const float *lhs, long stride, const float *rhs, long inner, bool adds,
                             float *tile);

WIDE_INLINE void multiply(const int rows, const int vectors, const float *lhs, long stride,
                          const float *rhs, long inner, bool adds, float *tile) {
#pragma clang fp contract(fast)
  vector sums[tallest][2];
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = (vector)0.0f;
  }
  if (adds) {
    UNROLLED for (int r = 0; r < rows; r++) {
      UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = load(tile + r * panel + v * lanes);
    }
  }
  _Pragma("clang loop unroll_count(2)") for (long k = 0; k < inner; k++) {
    vector right[2];
    UNROLLED for (int v = 0; v < vectors; v++) right[v] = load(rhs + v * lanes);
    UNROLLED for (int r = 0; r < rows; r++) {
      const vector left = (vector)lhs[r];
      UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = left * right[v] + sums[r][v];
    }
    lhs += stride;
    rhs += vectors * lanes;
  }
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) store(tile + r * panel + v * lanes, sums[r][v]);
  }
}

#define DEFINE_PRODUCT(rows, vectors)                                                            \
  WIDE static void multiply_##rows##x##vectors(                                                  \
      const float *lhs, long stride, const float *rhs, long inner, bool adds, float *tile) {     \
    multiply(rows, vectors, lhs, stride, rhs, inner, adds, tile);                                \
  }
#define NAME_PRODUCT(rows, vectors) multiply_##rows##x##vectors,
#define EACH_HEIGHT(DO, ...)                                                                     \
  DO(1, __VA_ARGS__) DO(2, __VA_ARGS__) DO(3, __VA_ARGS__) DO(4, __VA_ARGS__) DO(5, __VA_ARGS__) \
  DO(6, __VA_ARGS__) DO(7, __VA_ARGS__) DO(8, __VA_ARGS__) DO(9, __VA_ARGS__)                    \
  DO(10, __VA_ARGS__) DO(11, __VA_ARGS__) DO(12, __VA_ARGS__)

EACH_HEIGHT(DEFINE_PRODUCT, 1)
EACH_HEIGHT(DEFINE_PRODUCT, 2)

// By vectors and rows.
static const tile_product tile_products[2][tallest] = {{EACH_HEIGHT(NAME_PRODUCT, 1)},
                                                       {EACH_HEIGHT(NAME_PRODUCT, 2)}};

#endif

#endif
