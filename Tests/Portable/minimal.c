// Judges minimal filtering (Sources/CKernels/minimal_isa.h and minimal_3x3_isa.h) by direct convolutions, on numbers
// whose sums are exact in any order, bit for bit; then prints a digest of what it gives for any numbers.
//
// For processors that the tests do not run on; see products.c.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static int failures;

// The C library's generator differs from system to system.
static float next(bool is_exact) {
  static uint32_t state = 1;
  state = state * 1664525u + 1013904223u;
  return is_exact ? (float)((int)(state >> 27) - 16) / 16 : (float)(int)(state >> 8) / (float)(1 << 23) - 1;
}

static float *values(size_t count, bool is_exact) {
  float *values = malloc(count * sizeof(float));
  for (size_t i = 0; i < count; i++) values[i] = next(is_exact);
  return values;
}

static void judge(const char *name, const float *got, const float *expected, size_t count) {
  uint64_t digest = 0xcbf29ce484222325u;
  size_t wrong = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, &got[i], sizeof bits);
    digest = (digest ^ bits) * 0x100000001b3u;
    if (expected && got[i] != expected[i] && wrong++ == 0) {
      fprintf(stderr, "%s: element %zu is %a, expected %a\n", name, i, (double)got[i], (double)expected[i]);
    }
  }
  failures += wrong > 0;
  printf("%s %016llx\n", name, (unsigned long long)digest);
}

// A convolution of windows of `side` x `side` pixels; channels and filters are a group's.
typedef struct {
  long side, stride, images, height, width, groups, channels, filters, window_rows, window_columns, padding;
} direct;

// Adds up what every window, filter, tap and channel has to do with each other; `weight_sums` may be null.
static void convolve(const direct *c, const float *images, const float *windows, const float *weights,
                     float *image_sums, float *window_sums, float *weight_sums) {
  const long taps = c->side * c->side, pixel_channels = c->groups * c->channels, all_filters = c->groups * c->filters;
  for (long n = 0; n < c->images; n++) {
    for (long y = 0; y < c->window_rows; y++) {
      for (long x = 0; x < c->window_columns; x++) {
        const long window = ((n * c->window_rows + y) * c->window_columns + x) * all_filters;
        for (long tap = 0; tap < taps; tap++) {
          const long row = c->stride * y + tap / c->side - c->padding, column = c->stride * x + tap % c->side - c->padding;
          if (row < 0 || row >= c->height || column < 0 || column >= c->width) continue;
          for (long f = 0; f < all_filters; f++) {
            const long group = f / c->filters;
            const long pixel = ((n * c->height + row) * c->width + column) * pixel_channels + group * c->channels;
            for (long k = 0; k < c->channels; k++) {
              const long weight = (f * c->channels + k) * taps + tap;
              window_sums[window + f] += images[pixel + k] * weights[weight];
              image_sums[pixel + k] += windows[window + f] * weights[weight];
              if (weight_sums) weight_sums[weight] += windows[window + f] * images[pixel + k];
            }
          }
        }
      }
    }
  }
}

static void judge_convolution(ck_minimal c, bool is_exact) {
  c.window_rows = (c.height + 2 * c.padding - 4) / 2 + 1;
  c.window_columns = (c.width + 2 * c.padding - 4) / 2 + 1;
  const size_t pixels = (size_t)(c.images * c.height * c.width * c.channels);
  const size_t windows = (size_t)(c.images * c.window_rows * c.window_columns * c.filters);
  const size_t weights = (size_t)(c.filters * c.channels * 16), bias = (size_t)c.filters;
  float *x = values(pixels, is_exact), *y = values(windows, is_exact), *w = values(weights, is_exact);
  float *b = calloc(bias, sizeof(float)), *packed = malloc(weights * CK_MINIMAL_QUARTERS / 4 * sizeof(float));
  float *dx = malloc(pixels * sizeof(float)), *dy = malloc(windows * sizeof(float)), *dw = malloc(weights * sizeof(float));
  float *ex = calloc(pixels, sizeof(float)), *ey = calloc(windows, sizeof(float)), *ew = calloc(weights, sizeof(float));
  const size_t bytes = ck_minimal_scratch_bytes(&c, 1), gradient_bytes = ck_minimal_weight_gradient_scratch_bytes(&c);
  void *scratch = aligned_alloc(64, ((bytes > gradient_bytes ? bytes : gradient_bytes) + 63) / 64 * 64);
  ck_minimal_pack(&c, false, w, packed, 1);
  ck_minimal_run(&c, x, packed, b, 1, dy, scratch, 1);
  ck_minimal_pack(&c, true, w, packed, 1);
  ck_minimal_image_gradient_run(&c, y, packed, dx, scratch, 1);
  ck_minimal_weight_gradient_run(&c, x, y, dw, scratch, 1);
  convolve(&(direct){4, 2, c.images, c.height, c.width, 1, c.channels, c.filters, c.window_rows, c.window_columns, c.padding},
           x, y, w, ex, ey, ew);
  char name[96];
  const int length = snprintf(name, sizeof name, "%ld_%ldx%ld_%ld_%ld_%ld%s_", (long)c.images, (long)c.height, (long)c.width,
                              (long)c.channels, (long)c.filters, (long)c.padding, is_exact ? "_exact" : "");
  snprintf(name + length, sizeof name - (size_t)length, "windows");
  judge(name, dy, is_exact ? ey : NULL, windows);
  snprintf(name + length, sizeof name - (size_t)length, "images");
  judge(name, dx, is_exact ? ex : NULL, pixels);
  snprintf(name + length, sizeof name - (size_t)length, "weights");
  judge(name, dw, is_exact ? ew : NULL, weights);
  free(x), free(y), free(w), free(b), free(packed), free(dx), free(dy), free(dw), free(ex), free(ey), free(ew);
  free(scratch);
}

static void judge_3x3(ck_minimal_3x3 c, bool is_exact) {
  c.window_rows = c.height + 2 * c.padding - 2;
  c.window_columns = c.width + 2 * c.padding - 2;
  const ck_minimal_3x3 gradient = {
      .images = c.images, .height = c.window_rows, .width = c.window_columns, .channels = c.filters, .groups = c.groups,
      .filters = c.channels, .window_rows = c.height, .window_columns = c.width, .padding = 2 - c.padding,
      .is_gradient = true};
  const size_t pixels = (size_t)(c.images * c.height * c.width * c.groups * c.channels);
  const size_t windows = (size_t)(c.images * c.window_rows * c.window_columns * c.groups * c.filters);
  const size_t weights = (size_t)(c.groups * c.filters * c.channels * 9);
  float *x = values(pixels, is_exact), *y = values(windows, is_exact), *w = values(weights, is_exact);
  float *packed = malloc(weights / 9 * CK_MINIMAL_3X3_NINTHS * sizeof(float));
  float *dx = malloc(pixels * sizeof(float)), *dy = malloc(windows * sizeof(float));
  float *ex = calloc(pixels, sizeof(float)), *ey = calloc(windows, sizeof(float));
  const size_t bytes = ck_minimal_3x3_scratch_bytes(&c, 1), gradient_bytes = ck_minimal_3x3_scratch_bytes(&gradient, 1);
  void *scratch = aligned_alloc(64, ((bytes > gradient_bytes ? bytes : gradient_bytes) + 63) / 64 * 64);
  ck_minimal_3x3_pack(&c, w, packed, 1);
  ck_minimal_3x3_run(&c, x, packed, NULL, 1, dy, scratch, 1);
  ck_minimal_3x3_pack(&gradient, w, packed, 1);
  ck_minimal_3x3_run(&gradient, y, packed, NULL, 1, dx, scratch, 1);
  convolve(&(direct){3, 1, c.images, c.height, c.width, c.groups, c.channels, c.filters, c.window_rows, c.window_columns,
                     c.padding},
           x, y, w, ex, ey, NULL);
  char name[96];
  const int length = snprintf(name, sizeof name, "3x3_%ld_%ldx%ld_%ld_%ld_%ld_%ld%s_", (long)c.images, (long)c.height,
                              (long)c.width, (long)c.groups, (long)c.channels, (long)c.filters, (long)c.padding,
                              is_exact ? "_exact" : "");
  snprintf(name + length, sizeof name - (size_t)length, "windows");
  judge(name, dy, is_exact ? ey : NULL, windows);
  snprintf(name + length, sizeof name - (size_t)length, "images");
  judge(name, dx, is_exact ? ex : NULL, pixels);
  free(x), free(y), free(w), free(packed), free(dx), free(dy), free(ex), free(ey), free(scratch);
}

int main(void) {
  fprintf(stderr, "instruction set: %s\n", ck_isa_name(ck_active_isa()));
  const ck_minimal cases[] = {
      {.images = 2, .height = 8, .width = 8, .channels = 16, .filters = 32, .padding = 1},
      {.images = 1, .height = 7, .width = 9, .channels = 48, .filters = 16, .padding = 1},
      {.images = 3, .height = 4, .width = 5, .channels = 32, .filters = 80, .padding = 0},
      {.images = 1, .height = 11, .width = 6, .channels = 16, .filters = 48, .padding = 3},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    judge_convolution(cases[i], true);
    judge_convolution(cases[i], false);
  }
  const ck_minimal_3x3 small[] = {
      {.images = 2, .height = 8, .width = 8, .groups = 3, .channels = 16, .filters = 16, .padding = 1},
      {.images = 1, .height = 7, .width = 9, .groups = 1, .channels = 48, .filters = 16, .padding = 0},
      {.images = 3, .height = 4, .width = 5, .groups = 2, .channels = 32, .filters = 48, .padding = 2},
  };
  for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
    judge_3x3(small[i], true);
    judge_3x3(small[i], false);
  }
  if (failures > 0) fprintf(stderr, "%d convolutions are wrong\n", failures);
  return failures > 0;
}
