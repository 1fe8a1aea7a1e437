// Judges the core of Sources/CKernels by scalar chains of multiply-adds, bit for bit, and prints a digest of
// what each product gives.
//
// For processors that the tests do not run on: Scripts/check-neon runs it in an emulator, and compares the
// digests with those of this machine.
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

#pragma clang fp contract(off)

static int failures;
static bool fuses;

// One term of a sum.
static float multiply_add(float x, float y, float sum) {
  if (fuses) return fmaf(x, y, sum);
  const float product = x * y;
  return product + sum;
}

// The C library's generator differs from system to system.
static float next(void) {
  static uint32_t state = 1;
  state = state * 1664525u + 1013904223u;
  return (float)(int)(state >> 8) / (float)(1 << 23) - 1;
}

static float *values(size_t count) {
  float *values = malloc((count + 64) * sizeof(float));
  for (size_t i = 0; i < count; i++) values[i] = next();
  return values;
}

static void judge(const char *name, const float *got, const float *expected, size_t count) {
  uint64_t digest = 0xcbf29ce484222325u;
  size_t wrong = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, &got[i], sizeof bits);
    digest = (digest ^ bits) * 0x100000001b3u;
    if (memcmp(&got[i], &expected[i], sizeof(float)) != 0 && wrong++ == 0) {
      fprintf(stderr, "%s: element %zu is %a, expected %a\n", name, i, (double)got[i], (double)expected[i]);
    }
  }
  failures += wrong > 0;
  printf("%s %016llx\n", name, (unsigned long long)digest);
}

static void judge_matrix(long rows, long inner, long columns, bool transposes, bool in_place) {
  float *lhs = values((size_t)(rows * inner)), *rhs = values((size_t)(inner * columns));
  float *bias = values((size_t)columns), *result = values((size_t)(rows * columns));
  float *expected = values((size_t)(rows * columns));
  // Its size is the instruction set's: it must draw no numbers.
  float *packed = calloc(ck_packed_count(columns, inner, 1), sizeof(float));
  const ck_tap_place place = {0, inner * ck_panel_columns(), 0};
  const ck_packing packing = {columns, inner, 1, transposes ? inner : 1, transposes ? 1 : columns, 1, 0, 0, &place, CK_FLOAT32};
  if (!in_place) ck_pack(&packing, rhs, packed, 1);
  const int64_t zero = 0;
  const ck_grid grid = {
      .images = rows, .height = 1, .width = 1, .source_height = 1, .source_width = 1, .source_pixel = inner,
      .source_step = 1, .result_height = 1, .result_width = 1, .result_step = 1, .taps = 1, .tap_rows = &zero,
      .tap_columns = &zero};
  const ck_product product = {inner, columns, 1, 0, &grid, 1, 0.2f, in_place ? columns : 0, CK_FLOAT32};
  ck_product_run(&product, lhs, in_place ? rhs : packed, bias, result, 1);
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < columns; c++) {
      float sum = 0;
      for (long k = 0; k < inner; k++) {
        sum = multiply_add(lhs[r * inner + k], transposes ? rhs[c * inner + k] : rhs[k * columns + c], sum);
      }
      sum += bias[c];
      expected[r * columns + c] = sum > 0 ? sum : sum * 0.2f;
    }
  }
  char name[64];
  snprintf(name, sizeof name, "matrix_%ld_%ld_%ld_%d%d", rows, inner, columns, transposes, in_place);
  judge(name, result, expected, (size_t)(rows * columns));
  free(lhs), free(rhs), free(bias), free(result), free(expected), free(packed);
}

static void judge_gradient(long rows, long inner, long columns, bool transposes) {
  const size_t count = (size_t)(rows * columns);
  float *lhs = values((size_t)(inner * rows)), *rhs = values((size_t)(inner * columns));
  float *weights = values(count), *first = values(count), *second = values(count), *sums = values((size_t)rows);
  float *w = values(count), *expected_sums = values((size_t)rows);
  for (size_t i = 0; i < count; i++) second[i] = fabsf(second[i]);
  const float step_size = 0.02f, inverse_root = 1.5f;
  const ck_adam_factors adam = {0.9f, 0.1f, 0.999f, 0.001f, 1e-8f};
  for (long r = 0; r < rows; r++) {
    for (long c = 0; c < columns; c++) {
      const long at = r * columns + c;
      float g = 0;
      for (long k = 0; k < inner; k++) {
        g = multiply_add(lhs[k * rows + r], transposes ? rhs[c * inner + k] : rhs[k * columns + c], g);
      }
      const float m = first[at] * adam.first_decay + g * adam.first_weight;
      const float v = second[at] * adam.second_decay + g * g * adam.second_weight;
      w[at] = weights[at] - m * step_size / (sqrtf(v) * inverse_root + adam.epsilon);
    }
    double sum = 0;
    for (long k = 0; k < inner; k++) sum += (double)lhs[k * rows + r];
    expected_sums[r] = (float)sum;
  }
  const ck_gradient_term term = {inner, transposes, lhs, rhs, sums, lhs, inner};
  const ck_gradient gradient = {rows, columns, &term, 1, CK_FLOAT32};
  const ck_gradient_use use = {weights, first, second, &step_size, &inverse_root, adam};
  void *scratch = aligned_alloc(64, (ck_gradient_scratch_bytes(&gradient, 1) + 63) / 64 * 64);
  ck_gradient_run(&gradient, &use, scratch, 1);
  char name[64];
  snprintf(name, sizeof name, "adam_%ld_%ld_%ld_%d", rows, inner, columns, transposes);
  judge(name, weights, w, count);
  judge("sums", sums, expected_sums, (size_t)rows);
  free(lhs), free(rhs), free(weights), free(first), free(second), free(sums), free(w), free(expected_sums);
  free(scratch);
}

// The gradient in the weights of 3 × 3 windows two pixels apart, padded by one.
static void judge_windows(long images, long size, long channels, long filters) {
  const long windows = (size - 1) / 2 + 1, taps = 9;
  int64_t tap_rows[9], tap_columns[9];
  for (int t = 0; t < 9; t++) tap_rows[t] = t / 3 - 1, tap_columns[t] = t % 3 - 1;
  const ck_grid grid = {
      .images = images, .height = windows, .width = windows, .source_height = size, .source_width = size,
      .source_pixel = channels, .source_step = 2, .result_height = windows, .result_width = windows,
      .result_step = 1, .taps = taps, .tap_rows = tap_rows, .tap_columns = tap_columns};
  const ck_product convolution = {channels, filters, 1, 0, &grid, 1, 1, 0, CK_FLOAT32};
  const long pixels = images * windows * windows;
  float *source = values((size_t)(images * size * size * channels)), *result = values((size_t)(pixels * filters));
  const size_t count = (size_t)(filters * channels * taps);
  float *weights = values(count), *expected = values(count);
  void *scratch = aligned_alloc(64, (ck_window_gradient_scratch_bytes(&convolution, 1) + 63) / 64 * 64);
  ck_window_gradient_run(&convolution, channels, source, result, weights, scratch, 1);
  for (long f = 0; f < filters; f++) {
    for (long c = 0; c < channels; c++) {
      for (long t = 0; t < taps; t++) {
        float total = 0, sum = 0;
        for (long p = 0; p < pixels; p++) {
          // Sums of 512 windows are added to each other.
          if (p > 0 && p % 512 == 0) total = p == 512 ? sum : total + sum, sum = 0;
          const long x = p % windows * 2 + tap_columns[t], y = p / windows % windows * 2 + tap_rows[t];
          const bool is_inside = x >= 0 && x < size && y >= 0 && y < size;
          const long image = p / windows / windows;
          const float pixel = is_inside ? source[((image * size + y) * size + x) * channels + c] : 0;
          sum = multiply_add(result[p * filters + f], pixel, sum);
        }
        expected[(f * channels + c) * taps + t] = pixels > 512 ? total + sum : sum;
      }
    }
  }
  char name[64];
  snprintf(name, sizeof name, "windows_%ld_%ld_%ld_%ld", images, size, channels, filters);
  judge(name, weights, expected, count);
  free(source), free(result), free(weights), free(expected), free(scratch);
}

int main(void) {
  const ck_isa isa = ck_active_isa();
  fuses = isa == CK_ISA_AVX2 || isa == CK_ISA_AVX512 || isa == CK_ISA_NEON;
  fprintf(stderr, "instruction set: %s\n", ck_isa_name(isa));
  const long extents[][3] = {{1, 1, 2}, {7, 13, 16}, {12, 31, 32}, {25, 64, 48}, {37, 65, 79}, {100, 20, 160}};
  for (size_t i = 0; i < sizeof extents / sizeof *extents; i++) {
    const long *e = extents[i];
    judge_matrix(e[0], e[1], e[2], false, false);
    judge_matrix(e[0], e[1], e[2], true, false);
    if (e[2] % 16 == 0) judge_matrix(e[0], e[1], e[2], false, true);
    judge_gradient(e[0], e[1], e[2], false);
    judge_gradient(e[0], e[1], e[2], true);
  }
  judge_windows(3, 9, 16, 12);
  judge_windows(9, 17, 40, 25);
  if (failures > 0) fprintf(stderr, "%d products are wrong\n", failures);
  return failures > 0;
}
