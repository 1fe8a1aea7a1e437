// Convolutions of windows of 3 x 3 pixels at stride 1 by minimal filtering, with 16 products where direct ones
// take 36: Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", 2016, arXiv:1509.09308.
//
// Two by two neighbouring windows, a tile, read 4 x 4 pixels. Pixels, taps and products are added, subtracted and
// halved on the way, so that results differ from direct ones in their last bits.
//
// Every sum is added up in one order, whatever the number of threads and the width of vectors.
#ifndef CKERNELS_MINIMAL_3X3_H
#define CKERNELS_MINIMAL_3X3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"
#include "minimal.h"

/// A convolution of images [images, height, width, groups * channels], `padding` zeros around each, whose windows
/// are [images, window_rows, window_columns, groups * filters] and weights [groups * filters, channels, 3, 3].
/// Channels and filters of a group are multiples of `CK_MINIMAL_CHANNELS`; pixels have at most `CK_WIDEST_PIXEL`.
///
/// The gradient in its images is such a convolution too, of the gradient in its windows: `channels` are then its
/// filters, and `padding` what it leaves of 2.
typedef struct {
  int64_t images, height, width, channels;
  int64_t groups, filters, window_rows, window_columns;
  int64_t padding;
  /// Of a gradient in images, whose weights are [groups * channels, filters, 3, 3].
  bool is_gradient;
} ck_minimal_3x3;

enum {
  /// The floats that weights packed for it take for 9 of theirs.
  CK_MINIMAL_3X3_NINTHS = 16,
};

/// Packs weights; a share to each member of the team.
void ck_minimal_3x3_pack(const ck_minimal_3x3 *convolution, const float *weights, float *packed, int members);

/// Bytes of scratch memory for a team of `members`.
size_t ck_minimal_3x3_scratch_bytes(const ck_minimal_3x3 *convolution, int members);

/// windows = convolution of `images` + bias, and then negative values times `slope`, which is 1 for none;
/// `bias`, [groups * filters], may be null.
void ck_minimal_3x3_run(const ck_minimal_3x3 *convolution, const float *images, const float *packed,
                        const float *bias, float slope, float *windows, void *scratch, int members);

/// These functions as one instruction set computes them.
typedef struct {
  void (*pack)(const ck_minimal_3x3 *, const float *, float *, int);
  size_t (*scratch_bytes)(const ck_minimal_3x3 *, int);
  void (*run)(const ck_minimal_3x3 *, const float *, const float *, const float *, float, float *, void *, int);
} ck_minimal_3x3_functions;

/// Those of an instruction set, which for SSE4 are the baseline's; NULL where this processor has not got it.
const ck_minimal_3x3_functions *ck_minimal_3x3_for(ck_isa isa);

#endif
