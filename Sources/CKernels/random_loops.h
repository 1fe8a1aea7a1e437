// Random numbers; see loop_bodies.h.
#include "target.h"

// Blocks of four words made at a time; small enough for the first cache, and whole vectors.
enum { tile_blocks = 64, tile_elements = 4 * tile_blocks };

typedef struct {
  uint64_t seed, step;
  uint32_t purpose;
} stream;

// The words of a tile, all first words of its blocks first, so that loops over blocks vectorise.
typedef uint32_t tile_words[4][tile_blocks];

// Philox4x32-10 on 64-bit lanes: a product's halves are then a shift and a mask apart, which costs
// less than sorting 32-bit halves. The upper halves of the lanes hold unread leftovers.
CK_INLINE void fill_words(tile_words words, stream from, uint32_t first_block) {
  const uint64_t low = 0xffffffff;
  for (uint32_t i = 0; i < tile_blocks; i++) {
    uint64_t c0 = (uint32_t)(first_block + i), c1 = from.purpose;
    uint64_t c2 = from.step & low, c3 = from.step >> 32;
    uint32_t k0 = (uint32_t)from.seed, k1 = (uint32_t)(from.seed >> 32);
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
      const uint64_t p0 = (c0 & low) * 0xd2511f53u, p1 = (c2 & low) * 0xcd9e8d57u;
      c0 = (p1 >> 32) ^ c1 ^ k0;
      c1 = p1;
      c2 = (p0 >> 32) ^ c3 ^ k1;
      c3 = p0;
      k0 += 0x9e3779b9u;
      k1 += 0xbb67ae85u;
    }
    words[0][i] = (uint32_t)c0;
    words[1][i] = (uint32_t)c1;
    words[2][i] = (uint32_t)c2;
    words[3][i] = (uint32_t)c3;
  }
}

CK_INLINE float float_of_bits(int32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

CK_INLINE int32_t bits_of_float(float value) {
  int32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// sqrt(-2 ln u), u = ((word >> 8) + 1) / 2^24. With u = 2^e m, m in [sqrt(1/2), sqrt(2)), and
// f = m - 1: ln u = e ln 2 + f - f^2 / 2 + f^3 P(f).
CK_INLINE float radius_of_word(uint32_t word) {
  const int32_t bits = bits_of_float((float)(int32_t)((word >> 8) + 1));
  const int32_t exponent = (bits - 0x3f3504f3) >> 23;  // 0x3f3504f3 is sqrt(1/2)
  const float f = float_of_bits(bits - exponent * (1 << 23)) - 1.0f;
  const float e = (float)(exponent - 24);
  float p = -0.076369405f;
  p = p * f + 0.12762485f;
  p = p * f + -0.1315955f;
  p = p * f + 0.1420154f;
  p = p * f + -0.1662341f;
  p = p * f + 0.20001243f;
  p = p * f + -0.2500082f;
  p = p * f + 0.3333333f;
  const float square = f * f;
  const float correction = 0.5f * square - (square * f) * p;
  // ln 2 in two parts, the first with few enough bits that its product with e is exact.
  const float logarithm = ((f - correction) + e * -2.12194440e-4f) + e * 0.693359375f;
  return __builtin_elementwise_sqrt(-2.0f * logarithm);
}

// radius * (cos, sin) of 2 pi (word >> 8) / 2^24. The nearest quarter turn is taken off in
// integers; what is left is y eighths of a turn, y in [-1, 1].
CK_INLINE void polar(float radius, uint32_t word, float *x, float *y_out) {
  const int32_t angle = (int32_t)(word >> 8);
  const int32_t quarters = (angle + (1 << 21)) >> 22;
  const float y = (float)(angle - quarters * (1 << 22)) * 0x1p-21f;
  const float z = y * y;
  float sine = -3.559398e-05f;
  sine = sine * z + 0.0024893924f;
  sine = sine * z + -0.08074514f;
  sine = sine * z + 0.7853981f;
  sine = sine * y;
  float cosine = 3.4902625e-06f;
  cosine = cosine * z + -0.00032586313f;
  cosine = cosine * z + 0.015854282f;
  cosine = cosine * z + -0.30842513f;
  cosine = cosine * z + 1.0f;
  const float along = quarters & 1 ? sine : cosine, across = quarters & 1 ? cosine : sine;
  *x = radius * (((quarters + 1) & 2) ? -along : along);
  *y_out = radius * ((quarters & 2) ? -across : across);
}

// What is made of a tile: four elements for each block, in order.
CK_INLINE void words_of_tile(void *out, tile_words words) {
  uint32_t *elements = out;
  for (int i = 0; i < tile_blocks; i++) {
    elements[4 * i + 0] = words[0][i];
    elements[4 * i + 1] = words[1][i];
    elements[4 * i + 2] = words[2][i];
    elements[4 * i + 3] = words[3][i];
  }
}

CK_INLINE void uniforms_of_tile(void *out, tile_words words) {
  float *elements = out;
  for (int i = 0; i < tile_blocks; i++) {
    elements[4 * i + 0] = (float)(int32_t)(words[0][i] >> 8) * 0x1p-24f;
    elements[4 * i + 1] = (float)(int32_t)(words[1][i] >> 8) * 0x1p-24f;
    elements[4 * i + 2] = (float)(int32_t)(words[2][i] >> 8) * 0x1p-24f;
    elements[4 * i + 3] = (float)(int32_t)(words[3][i] >> 8) * 0x1p-24f;
  }
}

CK_INLINE void normals_of_tile(void *out, tile_words words) {
  float *elements = out;
#pragma clang loop vectorize_width(CK_LANES)
  for (int i = 0; i < tile_blocks; i++) {
    float n0, n1, n2, n3;
    polar(radius_of_word(words[0][i]), words[1][i], &n0, &n1);
    polar(radius_of_word(words[2][i]), words[3][i], &n2, &n3);
    elements[4 * i + 0] = n0;
    elements[4 * i + 1] = n1;
    elements[4 * i + 2] = n2;
    elements[4 * i + 3] = n3;
  }
}

// Makes whole tiles straight in `out`, and by way of a copy where the range begins or ends in one.
CK_INLINE void fill(void *out, size_t count, stream from, uint64_t first_element,
                    void (*elements_of_tile)(void *, tile_words)) {
  tile_words words;
  uint32_t part[tile_elements];
  uint32_t *next = out;
  uint64_t element = first_element;
  while (count > 0) {
    const size_t skipped = element % 4;
    fill_words(words, from, (uint32_t)(element / 4));
    if (skipped == 0 && count >= tile_elements) {
      elements_of_tile(next, words);
      next += tile_elements;
      element += tile_elements;
      count -= tile_elements;
      continue;
    }
    const size_t available = tile_elements - skipped;
    const size_t taken = count < available ? count : available;
    elements_of_tile(part, words);
    memcpy(next, part + skipped, taken * sizeof *part);
    next += taken;
    element += taken;
    count -= taken;
  }
}

static void random_words(uint32_t *out, size_t count, uint64_t seed, uint32_t purpose,
                         uint64_t step, uint64_t first_element) {
  fill(out, count, (stream){seed, step, purpose}, first_element, words_of_tile);
}

static void random_uniforms(float *out, size_t count, uint64_t seed, uint32_t purpose,
                            uint64_t step, uint64_t first_element) {
  fill(out, count, (stream){seed, step, purpose}, first_element, uniforms_of_tile);
}

static void random_normals(float *out, size_t count, uint64_t seed, uint32_t purpose,
                           uint64_t step, uint64_t first_element) {
  fill(out, count, (stream){seed, step, purpose}, first_element, normals_of_tile);
}
