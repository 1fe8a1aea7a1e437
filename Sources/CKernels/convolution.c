#include "convolution.h"

#include <stddef.h>
#include <string.h>

#include "target.h"
#include "team.h"

/// Elements between neighbours.
typedef struct {
  int64_t image, channel, row, column;
} strides;

static strides strides_of(bool channels_last, int64_t channels, int64_t rows, int64_t columns) {
  return channels_last ? (strides){channels * rows * columns, 1, columns * channels, channels}
                       : (strides){channels * rows * columns, rows * columns, columns, 1};
}

static strides image_strides(const ck_convolution *e) {
  return strides_of(e->channels_last, e->channels, e->height, e->width);
}

static strides window_strides(const ck_convolution *e) {
  return strides_of(e->channels_last, e->filters, e->window_rows, e->window_columns);
}

static int64_t offset(strides s, int64_t image, int64_t channel, int64_t row, int64_t column) {
  return image * s.image + channel * s.channel + row * s.row + column * s.column;
}

static int64_t channels_in_group(const ck_convolution *e) { return e->channels / e->groups; }
static int64_t filters_in_group(const ck_convolution *e) { return e->filters / e->groups; }

/// The first channel that a filter sees.
static int64_t first_channel(const ck_convolution *e, int64_t filter) {
  return filter / filters_in_group(e) * channels_in_group(e);
}

/// The weight of a tap; `channel` counts in the group.
static int64_t weight_offset(const ck_convolution *e, int64_t filter, int64_t channel, int64_t y,
                             int64_t x) {
  return ((filter * channels_in_group(e) + channel) * e->window_height + y) * e->window_width + x;
}

/// The pixel under a tap of a window along one axis; negative or beyond the extent in the padding.
static int64_t pixel(const ck_convolution *e, int64_t window, int64_t tap) {
  return window * e->stride - e->padding + tap;
}

static double window_sum(const ck_convolution *e, const float *images, const float *weights,
                         int64_t image, int64_t filter, int64_t row, int64_t column) {
  const strides s = image_strides(e);
  const int64_t first = first_channel(e, filter);
  double sum = 0;
  for (int64_t channel = 0; channel < channels_in_group(e); channel++) {
    for (int64_t y = 0; y < e->window_height; y++) {
      const int64_t pixel_row = pixel(e, row, y);
      if (pixel_row < 0 || pixel_row >= e->height) continue;
      for (int64_t x = 0; x < e->window_width; x++) {
        const int64_t pixel_column = pixel(e, column, x);
        if (pixel_column < 0 || pixel_column >= e->width) continue;
        sum += (double)images[offset(s, image, first + channel, pixel_row, pixel_column)] *
               weights[weight_offset(e, filter, channel, y, x)];
      }
    }
  }
  return sum;
}

void ck_convolution_plain(const ck_convolution *e, float *windows, const float *images,
                          const float *weights, const float *bias) {
  const strides s = window_strides(e);
  for (int64_t image = 0; image < e->images; image++) {
    for (int64_t filter = 0; filter < e->filters; filter++) {
      for (int64_t row = 0; row < e->window_rows; row++) {
        for (int64_t column = 0; column < e->window_columns; column++) {
          const double sum = window_sum(e, images, weights, image, filter, row, column);
          windows[offset(s, image, filter, row, column)] =
              (float)(bias == NULL ? sum : sum + bias[filter]);
        }
      }
    }
  }
}

/// The window whose tap lies on a pixel along one axis; -1 where there is none.
static int64_t window_over(const ck_convolution *e, int64_t pixel, int64_t tap, int64_t count) {
  const int64_t start = pixel + e->padding - tap;
  if (start < 0 || start % e->stride != 0 || start / e->stride >= count) return -1;
  return start / e->stride;
}

static double pixel_sum(const ck_convolution *e, const float *windows, const float *weights,
                        int64_t image, int64_t channel, int64_t row, int64_t column) {
  const strides s = window_strides(e);
  const int64_t group = channel / channels_in_group(e), inside = channel % channels_in_group(e);
  const int64_t first = group * filters_in_group(e);
  double sum = 0;
  for (int64_t filter = first; filter < first + filters_in_group(e); filter++) {
    for (int64_t y = 0; y < e->window_height; y++) {
      const int64_t window_row = window_over(e, row, y, e->window_rows);
      if (window_row < 0) continue;
      for (int64_t x = 0; x < e->window_width; x++) {
        const int64_t window_column = window_over(e, column, x, e->window_columns);
        if (window_column < 0) continue;
        sum += (double)windows[offset(s, image, filter, window_row, window_column)] *
               weights[weight_offset(e, filter, inside, y, x)];
      }
    }
  }
  return sum;
}

void ck_convolution_plain_images(const ck_convolution *e, float *images, const float *windows,
                                 const float *weights) {
  const strides s = image_strides(e);
  for (int64_t image = 0; image < e->images; image++) {
    for (int64_t channel = 0; channel < e->channels; channel++) {
      for (int64_t row = 0; row < e->height; row++) {
        for (int64_t column = 0; column < e->width; column++) {
          images[offset(s, image, channel, row, column)] =
              (float)pixel_sum(e, windows, weights, image, channel, row, column);
        }
      }
    }
  }
}

static double weight_sum(const ck_convolution *e, const float *images, const float *windows,
                         int64_t filter, int64_t channel, int64_t y, int64_t x) {
  const strides from = image_strides(e), to = window_strides(e);
  const int64_t pixel_channel = first_channel(e, filter) + channel;
  double sum = 0;
  for (int64_t image = 0; image < e->images; image++) {
    for (int64_t row = 0; row < e->window_rows; row++) {
      const int64_t pixel_row = pixel(e, row, y);
      if (pixel_row < 0 || pixel_row >= e->height) continue;
      for (int64_t column = 0; column < e->window_columns; column++) {
        const int64_t pixel_column = pixel(e, column, x);
        if (pixel_column < 0 || pixel_column >= e->width) continue;
        sum += (double)images[offset(from, image, pixel_channel, pixel_row, pixel_column)] *
               windows[offset(to, image, filter, row, column)];
      }
    }
  }
  return sum;
}

void ck_convolution_plain_weights(const ck_convolution *e, float *weights, const float *images,
                                  const float *windows) {
  for (int64_t filter = 0; filter < e->filters; filter++) {
    for (int64_t channel = 0; channel < channels_in_group(e); channel++) {
      for (int64_t y = 0; y < e->window_height; y++) {
        for (int64_t x = 0; x < e->window_width; x++) {
          weights[weight_offset(e, filter, channel, y, x)] =
              (float)weight_sum(e, images, windows, filter, channel, y, x);
        }
      }
    }
  }
}

typedef struct {
  const ck_convolution *extents;
  float *images;
  const float *taps;
} tap_work;

/// Adds the taps of one window, whose first lies at (`row`, `column`), inside the image or not.
CK_INLINE void add_taps(const ck_convolution *e, float *image, const float *taps, int64_t row,
                        int64_t column) {
  const int64_t count = e->window_height * e->window_width;
  const int64_t first = column < 0 ? -column : 0;
  const int64_t last = column + e->window_width > e->width ? e->width - column : e->window_width;
  for (int64_t y = 0; y < e->window_height; y++) {
    if (row + y < 0 || row + y >= e->height) continue;
    float *pixels = image + ((row + y) * e->width + column) * e->channels;
    for (int64_t channel = 0; channel < e->channels; channel++) {
      const float *line = taps + channel * count + y * e->window_width;
      for (int64_t x = first; x < last; x++) pixels[x * e->channels + channel] += line[x];
    }
  }
}

static void sum_tap_share(void *context, int member, int members) {
  const tap_work *work = context;
  const ck_convolution *e = work->extents;
  const int64_t image_size = e->channels * e->height * e->width;
  const int64_t tap_count = e->channels * e->window_height * e->window_width;
  const float *taps =
      work->taps + e->images * member / members * e->window_rows * e->window_columns * tap_count;
  for (int64_t n = e->images * member / members; n < e->images * (member + 1) / members; n++) {
    float *image = work->images + n * image_size;
    memset(image, 0, (size_t)image_size * sizeof *image);
    for (int64_t row = 0; row < e->window_rows; row++) {
      for (int64_t column = 0; column < e->window_columns; column++) {
        add_taps(e, image, taps, pixel(e, row, 0), pixel(e, column, 0));
        taps += tap_count;
      }
    }
  }
}

void ck_convolution_sum_taps(const ck_convolution *extents, float *images, const float *taps,
                             int members) {
  tap_work work = {extents, images, taps};
  ck_team_run(sum_tap_share, &work, members);
}
