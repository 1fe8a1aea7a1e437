// Convolutions in plain loops, each element accumulated in double: the candidates that never refuse.
// And what is left of a gradient of few channels after a matrix product.
#ifndef CKERNELS_CONVOLUTION_H
#define CKERNELS_CONVOLUTION_H

#include <stdbool.h>
#include <stdint.h>

/// A convolution's extents. Images are packed `[images, channels, height, width]` or, with
/// `channels_last`, `[images, height, width, channels]`; windows likewise, with `filters` for
/// channels; weights are packed `[filters, channels / groups, window_height, window_width]`: of `groups`
/// parts of the channels and of the filters each sees its own alone.
typedef struct {
  int64_t images, channels, height, width;
  int64_t filters, window_rows, window_columns;
  int64_t window_height, window_width;
  int64_t stride, padding, groups;
  bool channels_last;
} ck_convolution;

/// windows = images * weights + bias; `bias`, one for each filter, may be null.
void ck_convolution_plain(const ck_convolution *extents, float *windows, const float *images,
                          const float *weights, const float *bias);

/// The gradient in the images, from windows and weights.
void ck_convolution_plain_images(const ck_convolution *extents, float *images,
                                 const float *windows, const float *weights);

/// The gradient in the weights, from images and windows.
void ck_convolution_plain_weights(const ck_convolution *extents, float *weights,
                                  const float *images, const float *windows);

/// The gradient in images with `channels_last`, from what each window adds to each of its taps:
/// `[images, window_rows, window_columns, channels, window_height, window_width]`. A share of the
/// images to each member of the team; a pixel's terms are added in the order of their windows.
void ck_convolution_sum_taps(const ck_convolution *extents, float *images, const float *taps,
                             int members);

enum {
  /// The largest number of taps of a window with one filter for each channel.
  CK_MOST_DEPTHWISE_TAPS = 64,
};

/// windows = images * weights with `channels_last` and as many groups and filters as channels; `arranged` has room
/// for the weights. Rows are shared by the team; a pixel's terms are added in the order of their taps, each rounded.
void ck_depthwise(const ck_convolution *extents, float *windows, const float *images,
                  const float *weights, float *arranged, int members);

/// The gradient in the images, likewise.
void ck_depthwise_images(const ck_convolution *extents, float *images, const float *windows,
                         const float *weights, float *arranged, int members);

#endif
