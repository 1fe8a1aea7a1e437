#include "weight_gradient.h"

#include "team.h"

#if defined(__x86_64__)

#include "tile.h"

enum {
  // Windows whose terms are added before the next panel's: what they lie on in one panel, 64 KiB, and
  // all their filters stay in the second-level cache.
  chunk = 512,
};

typedef struct {
  const ck_convolution *extents;
  float *weights;
  const float *images, *windows;
  float *scratch;
} gradient_work;

// Columns of the result, `[filters, taps · channels]`, that share a tap.
typedef struct {
  long tap, channel, channels;
} column_panel;

static long panels_per_tap(const ck_convolution *e) { return (e->channels + panel - 1) / panel; }

static column_panel panel_at(const ck_convolution *e, long index) {
  const long channel = index % panels_per_tap(e) * panel, rest = e->channels - channel;
  return (column_panel){index / panels_per_tap(e), channel, rest < panel ? rest : panel};
}

// packed[window][channel]: what a panel's tap of each window in a chunk lies on; zeros in the padding
// and beyond the last channel.
WIDE static void pack(const ck_convolution *e, const float *images, column_panel p, long first,
                      long count, int vectors, float *packed) {
  const __mmask16 low = first_lanes(p.channels), high = first_lanes(p.channels - lanes);
  const long tap_row = p.tap / e->window_width - e->padding;
  const long tap_column = p.tap % e->window_width - e->padding;
  const long columns = e->window_columns, rows = e->window_rows;
  const long next_rows = 2 * e->stride * e->width * e->channels;
  long column = first % columns, row = first / columns % rows, image = first / columns / rows;
  for (long window = 0; window < count; window++) {
    const long y = row * e->stride + tap_row, x = column * e->stride + tap_column;
    if (y >= 0 && y < e->height && x >= 0 && x < e->width) {
      const float *pixel =
          images + ((image * e->height + y) * e->width + x) * e->channels + p.channel;
      // Two rows of windows on, which the processor does not foresee across skipped pixels.
      __builtin_prefetch(pixel + next_rows);
      __builtin_prefetch(pixel + next_rows + lanes);
      store(packed, load_some(pixel, low));
      if (vectors == 2) store(packed + lanes, load_some(pixel + lanes, high));
    } else {
      for (int v = 0; v < vectors; v++) store(packed + v * lanes, (vector)0.0f);
    }
    packed += vectors * lanes;
    if (++column < columns) continue;
    column = 0;
    if (++row < rows) continue;
    row = 0;
    image++;
  }
}

// Adds a tile to the weights, or stores the first.
WIDE_INLINE void add_tile(float *weights, long stride, const float *tile, long rows,
                          long columns, bool is_first) {
  for (long c = 0; c < columns; c += lanes) {
    const __mmask16 mask = first_lanes(columns - c);
    for (long r = 0; r < rows; r++) {
      float *at = weights + r * stride + c;
      const vector sum = load(tile + r * panel + c);
      store_some(at, mask, is_first ? sum : load_some(at, mask) + sum);
    }
  }
}

WIDE static void run_member(void *opaque, int member, int members) {
  const gradient_work *work = opaque;
  const ck_convolution *e = work->extents;
  const long taps = e->window_height * e->window_width, filters = e->filters;
  const long windows = e->images * e->window_rows * e->window_columns;
  const long panels = taps * panels_per_tap(e), blocks = (filters + tallest - 1) / tallest;
  float tile[tallest * panel] __attribute__((aligned(64)));
  float *packed = work->scratch + (long)member * chunk * panel;
  for (long first = 0; first < windows; first += chunk) {
    const long count = windows - first < chunk ? windows - first : chunk;
    for (long i = panels * member / members; i < panels * (member + 1) / members; i++) {
      const column_panel p = panel_at(e, i);
      const int vectors = p.channels > lanes ? 2 : 1;
      pack(e, work->images, p, first, count, vectors, packed);
      for (long block = 0; block < blocks; block++) {
        const long row = filters * block / blocks, rows = filters * (block + 1) / blocks - row;
        tile_products[vectors - 1][rows - 1](work->windows + first * filters + row, filters, packed,
                                             count, false, tile);
        add_tile(work->weights + (row * taps + p.tap) * e->channels + p.channel,
                 taps * e->channels, tile, rows, p.channels, first == 0);
      }
    }
  }
}

bool ck_weight_gradient_supported(void) { return __builtin_cpu_supports("x86-64-v4"); }

size_t ck_weight_gradient_scratch_bytes(int members) {
  return (size_t)members * chunk * panel * sizeof(float);
}

void ck_weight_gradient(const ck_convolution *extents, float *weights, const float *images,
                        const float *windows, void *scratch, int members) {
  gradient_work work = {extents, weights, images, windows, scratch};
  ck_team_run(run_member, &work, members);
}

#else

bool ck_weight_gradient_supported(void) { return false; }

size_t ck_weight_gradient_scratch_bytes(int members) {
  (void)members;
  return 0;
}

void ck_weight_gradient(const ck_convolution *extents, float *weights, const float *images,
                        const float *windows, void *scratch, int members) {
  (void)extents, (void)weights, (void)images, (void)windows, (void)scratch, (void)members;
}

#endif
