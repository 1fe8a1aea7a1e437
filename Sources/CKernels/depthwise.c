#include <stddef.h>

#include "convolution.h"
#include "loops.h"
#include "team.h"

/// Taps of a pixel: what each reads, and its weights.
typedef struct {
  const float *pixels[CK_MOST_DEPTHWISE_TAPS], *weights[CK_MOST_DEPTHWISE_TAPS];
  int count;
} tap_list;

typedef struct depthwise_work depthwise_work;

struct depthwise_work {
  const ck_convolution *extents;
  const ck_loops *loops;
  /// Lists the taps of a pixel of what is computed, which has `height` rows of `width`.
  void (*list_taps)(const depthwise_work *, int64_t image, int64_t row, int64_t column, tap_list *);
  int64_t height, width;
  float *to;
  const float *from, *weights;
};

static void add_tap(tap_list *list, const float *pixel, const float *weights) {
  list->pixels[list->count] = pixel;
  list->weights[list->count++] = weights;
}

/// arranged[tap][channel] = weights[channel][tap].
static void arrange(const ck_convolution *e, const float *weights, float *arranged) {
  const int64_t taps = e->window_height * e->window_width;
  for (int64_t channel = 0; channel < e->channels; channel++) {
    for (int64_t tap = 0; tap < taps; tap++) arranged[tap * e->channels + channel] = weights[channel * taps + tap];
  }
}

/// What a window's taps lie on.
static void window_taps(const depthwise_work *w, int64_t image, int64_t row, int64_t column, tap_list *list) {
  const ck_convolution *e = w->extents;
  list->count = 0;
  for (int64_t y = 0; y < e->window_height; y++) {
    const int64_t pixel_row = row * e->stride - e->padding + y;
    if (pixel_row < 0 || pixel_row >= e->height) continue;
    for (int64_t x = 0; x < e->window_width; x++) {
      const int64_t pixel_column = column * e->stride - e->padding + x;
      if (pixel_column < 0 || pixel_column >= e->width) continue;
      add_tap(list, w->from + ((image * e->height + pixel_row) * e->width + pixel_column) * e->channels,
              w->weights + (y * e->window_width + x) * e->channels);
    }
  }
}

/// The windows whose taps lie on a pixel.
static void pixel_taps(const depthwise_work *w, int64_t image, int64_t row, int64_t column, tap_list *list) {
  const ck_convolution *e = w->extents;
  list->count = 0;
  for (int64_t y = 0; y < e->window_height; y++) {
    const int64_t top = row + e->padding - y;
    if (top < 0 || top % e->stride != 0 || top / e->stride >= e->window_rows) continue;
    for (int64_t x = 0; x < e->window_width; x++) {
      const int64_t left = column + e->padding - x;
      if (left < 0 || left % e->stride != 0 || left / e->stride >= e->window_columns) continue;
      const int64_t window = (image * e->window_rows + top / e->stride) * e->window_columns + left / e->stride;
      add_tap(list, w->from + window * e->channels, w->weights + (y * e->window_width + x) * e->channels);
    }
  }
}

static void share(void *context, int member, int members) {
  const depthwise_work *w = context;
  const int64_t rows = w->extents->images * w->height, channels = w->extents->channels;
  tap_list list;
  for (int64_t r = rows * member / members; r < rows * (member + 1) / members; r++) {
    for (int64_t column = 0; column < w->width; column++) {
      w->list_taps(w, r / w->height, r % w->height, column, &list);
      w->loops->depthwise_pixel(w->to + (r * w->width + column) * channels, list.pixels, list.weights, list.count,
                                channels);
    }
  }
}

void ck_depthwise(const ck_convolution *extents, float *windows, const float *images, const float *weights,
                  float *arranged, int members) {
  arrange(extents, weights, arranged);
  depthwise_work work = {extents, ck_active_loops(), window_taps, extents->window_rows, extents->window_columns,
                         windows, images, arranged};
  ck_team_run(share, &work, members);
}

void ck_depthwise_images(const ck_convolution *extents, float *images, const float *windows, const float *weights,
                         float *arranged, int members) {
  arrange(extents, weights, arranged);
  depthwise_work work = {extents, ck_active_loops(), pixel_taps, extents->height, extents->width,
                         images, windows, arranged};
  ck_team_run(share, &work, members);
}
