// The gradient in a convolution's weights, for processors with AVX-512: a matrix product, windows by
// taps, whose right operand is packed from the images piece by piece and never lies in memory.
#ifndef CKERNELS_WEIGHT_GRADIENT_H
#define CKERNELS_WEIGHT_GRADIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "convolution.h"

/// Whether this processor can compute it; where it cannot, `ck_weight_gradient` may not be called.
bool ck_weight_gradient_supported(void);

/// Bytes of scratch memory for a team of `members`.
size_t ck_weight_gradient_scratch_bytes(int members);

/// weights[filters, window_height, window_width, channels] = the gradient in the weights, from images
/// and windows with `channels_last`. A share of the weights to each member of the team, each weight's
/// terms added in the order of the windows; the number of members changes no bit.
void ck_weight_gradient(const ck_convolution *extents, float *weights, const float *images,
                        const float *windows, void *scratch, int members);

#endif
