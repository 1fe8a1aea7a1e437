// Convolutions of windows of 4 x 4 pixels at stride 2 by minimal filtering, with 9 products where direct ones
// take 16: Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", 2016, arXiv:1509.09308.
//
// Such a window sees four images, the pixels of even and of odd rows and columns (phases), each through 2 x 2
// taps at stride 1. Two by two neighbouring windows, a tile, read 3 x 3 pixels of each. Pixels, taps and sums
// are only added and subtracted on the way, so that results differ from direct ones in their last bits.
//
// Every sum is added up in one order, whatever the number of threads and the width of vectors.
#ifndef CKERNELS_MINIMAL_H
#define CKERNELS_MINIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"
#include "products.h"

/// A convolution of images [images, height, width, channels], `padding` zeros around each, whose windows are
/// [images, window_rows, window_columns, filters] and weights [filters, channels, 4, 4]. Channels and filters
/// are multiples of `CK_MINIMAL_CHANNELS` of which a pixel has at most `CK_WIDEST_PIXEL`.
typedef struct {
  int64_t images, height, width, channels;
  int64_t filters, window_rows, window_columns;
  int64_t padding;
  /// What is multiplied, after it has been added and subtracted.
  ck_precision precision;
} ck_minimal;

enum {
  /// The floats of the widest vector of any instruction set.
  CK_MINIMAL_CHANNELS = 16,
  /// What weights packed for minimal filtering take, in floats for each float of theirs, times 4.
  CK_MINIMAL_QUARTERS = 9,
};

/// Packs weights for a convolution, or for its gradient in the images; a share to each member of the team.
void ck_minimal_pack(const ck_minimal *convolution, bool is_gradient, const float *weights, float *packed,
                     int members);

/// Bytes of scratch memory of a convolution or a gradient in images, for a team of `members`.
size_t ck_minimal_scratch_bytes(const ck_minimal *convolution, int members);

/// windows = convolution of `images` + bias, and then negative values times `slope`, which is 1 for none;
/// `bias`, `[filters]`, may be null.
void ck_minimal_run(const ck_minimal *convolution, const float *images, const float *packed, const float *bias,
                    float slope, float *windows, void *scratch, int members);

/// The gradient in the images, from that in the windows.
void ck_minimal_image_gradient_run(const ck_minimal *convolution, const float *windows, const float *packed,
                                   float *images, void *scratch, int members);

/// Bytes of scratch memory of a gradient in weights.
size_t ck_minimal_weight_gradient_scratch_bytes(const ck_minimal *convolution);

/// The gradient in the weights, from the images and the gradient in the windows.
void ck_minimal_weight_gradient_run(const ck_minimal *convolution, const float *images, const float *windows,
                                    float *weights, void *scratch, int members);

/// These functions as one instruction set computes them.
typedef struct {
  void (*pack)(const ck_minimal *, bool, const float *, float *, int);
  size_t (*scratch_bytes)(const ck_minimal *, int);
  void (*run)(const ck_minimal *, const float *, const float *, const float *, float, float *, void *, int);
  void (*image_gradient)(const ck_minimal *, const float *, const float *, float *, void *, int);
  size_t (*weight_gradient_bytes)(const ck_minimal *);
  void (*weight_gradient)(const ck_minimal *, const float *, const float *, float *, void *, int);
} ck_minimal_functions;

/// Those of an instruction set, which for SSE4 are the baseline's; NULL where this processor has not got it.
const ck_minimal_functions *ck_minimal_for(ck_isa isa);

/// Those that multiply bfloat16; NULL where it is not supported.
const ck_minimal_functions *ck_minimal_in_bfloat16(void);

#endif
