// Loops that are compiled once for each instruction set, and what chooses among them.
//
// Every set of them gives the same bits. They belong to whoever shares work among threads; callers of
// kernels want the functions of the other headers.
#ifndef CKERNELS_LOOPS_H
#define CKERNELS_LOOPS_H

#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"
#include "reduce.h"
#include "region.h"

/// The loops of one instruction set.
typedef struct {
  /// Runs a program for elements `first ..< first + count` of its region; where instructions run
  /// once, `first` is a multiple of a tile, and where there are sums, of a chunk; their chunks are
  /// left to be joined.
  void (*program_run)(const ck_program *program, size_t first, size_t count);

  /// For each of `rows` rows of `columns` floats, its sum.
  void (*sum_rows)(float *dst, const float *src, size_t rows, size_t columns);

  /// For columns `first ..< first + count` of a matrix with rows `stride` apart, their sums.
  void (*sum_columns)(float *dst, const float *src, size_t rows, size_t stride, size_t first,
                      size_t count);

  /// Adds to each of `columns` sums, a multiple of 16, its column of a packed matrix, row after row.
  void (*add_columns)(double *sums, const float *src, size_t rows, size_t columns);

  /// `ck_sum_axes` for the kept indices `first ..< last`, counted in row-major order.
  void (*sum_axes)(float *dst, const float *src, const ck_axes *kept, size_t count,
                   const ck_axes *summed, int64_t first, int64_t last);

  /// As the functions of random.h and convert.h.
  void (*random_words)(uint32_t *out, size_t count, uint64_t seed, uint32_t purpose, uint64_t step,
                       uint64_t first_element);
  void (*random_uniforms)(float *out, size_t count, uint64_t seed, uint32_t purpose, uint64_t step,
                          uint64_t first_element);
  void (*random_normals)(float *out, size_t count, uint64_t seed, uint32_t purpose, uint64_t step,
                         uint64_t first_element);
  void (*convert_to_i32)(int32_t *dst, const float *src, size_t count);

  /// For each channel, the sum over `taps` of a pixel's times its weight, which lie alike.
  void (*depthwise_pixel)(float *dst, const float *const *pixels, const float *const *weights, int taps,
                          int64_t channels);
} ck_loops;

/// The loops for an instruction set; NULL where this processor has not got it.
const ck_loops *ck_loops_for(ck_isa isa);

/// The loops for the active instruction set.
const ck_loops *ck_active_loops(void);

#endif
