// Convolutions of 3 x 3 windows at stride 1 by minimal filtering for one instruction set; after minimal_isa.h, whose
// tiles of windows it uses.
//
// Two neighbours of a filter of three taps, y0 = x0 w0 + x1 w1 + x2 w2 and y1 = x1 w0 + x2 w1 + x3 w2, take four
// products: a = (x0 - x2) w0, b = (x1 + x2) (w0 + w1 + w2) / 2, c = (x2 - x1) (w0 - w1 + w2) / 2, d = (x1 - x3) w2;
// y0 = a + b + c, y1 = b - c - d. Along both axes that is 16 for 36.

#pragma clang fp contract(off)

enum {
  products_3x3 = 16,
  // Channels whose factors lie side by side.
  run_of_channels = CK_MINIMAL_CHANNELS,
  // Tiles whose products are made before their sums are used: those of a group stay in the first-level cache.
  tiles_at_once_3x3 = 12,
  // Tiles whose pixels are found at a time, for all groups.
  tiles_found = 48,
};

// What is multiplied of 4 x 4 pixels.
INLINE void spread_3x3(const vector x[16], vector y[products_3x3]) {
  vector rows[16];
  UNROLLED for (int i = 0; i < 4; i++) {
    rows[i] = x[i] - x[8 + i];
    rows[4 + i] = x[4 + i] + x[8 + i];
    rows[8 + i] = x[8 + i] - x[4 + i];
    rows[12 + i] = x[4 + i] - x[12 + i];
  }
  UNROLLED for (int i = 0; i < 16; i += 4) {
    y[i] = rows[i] - rows[i + 2];
    y[i + 1] = rows[i + 1] + rows[i + 2];
    y[i + 2] = rows[i + 2] - rows[i + 1];
    y[i + 3] = rows[i + 1] - rows[i + 3];
  }
}

// What it is multiplied with of 3 x 3 taps.
INLINE void widen_3x3(const vector w[9], vector u[products_3x3]) {
  vector rows[12];
  UNROLLED for (int i = 0; i < 3; i++) {
    const vector ends = w[i] + w[6 + i];
    rows[i] = w[i];
    rows[3 + i] = (ends + w[3 + i]) * 0.5f;
    rows[6 + i] = (ends - w[3 + i]) * 0.5f;
    rows[9 + i] = w[6 + i];
  }
  UNROLLED for (int i = 0; i < 4; i++) {
    const vector *row = rows + 3 * i, ends = row[0] + row[2];
    u[4 * i] = row[0];
    u[4 * i + 1] = (ends + row[1]) * 0.5f;
    u[4 * i + 2] = (ends - row[1]) * 0.5f;
    u[4 * i + 3] = row[2];
  }
}

// Adds a product to the 2 x 2 sums that have it, in the order of products.
INLINE void join_3x3(int product, vector m, vector y[4]) {
  const int row = product / 4, column = product % 4;
  UNROLLED for (int i = 0; i < 4; i++) {
    const int up = i / 2, left = i % 2;
    const bool has_row = up == 0 ? row < 3 : row > 0, has_column = left == 0 ? column < 3 : column > 0;
    if (!has_row || !has_column) continue;
    const bool is_negative = (up == 1 && row > 1) != (left == 1 && column > 1);
    y[i] = is_negative ? y[i] - m : y[i] + m;
  }
}

// MARK: Weights

typedef struct {
  const ck_minimal_3x3 *convolution;
  const float *weights;
  float *packed;
} pack_3x3_work;

// [group][product][panel of filters][channel][filter]; of a gradient the taps come from last to first.
static void pack_3x3_share(void *opaque, int member, int members) {
  const pack_3x3_work *w = opaque;
  const ck_minimal_3x3 *c = w->convolution;
  const long size = c->channels * c->filters, strips = c->filters / lanes, all = c->groups * strips;
  const long filter_stride = 9 * (c->is_gradient ? 1 : c->channels);
  const long channel_stride = 9 * (c->is_gradient ? c->filters : 1);
  for (long strip = part(all, member, members); strip < part(all, member + 1, members); strip++) {
    const long group = strip / strips, filter = strip % strips * lanes;
    for (long channel = 0; channel < c->channels; channel++) {
      const float *const from = w->weights + 9 * group * size + filter * filter_stride + channel * channel_stride;
      vector taps[9], u[products_3x3];
      for (long i = 0; i < lanes; i++) {
        for (long tap = 0; tap < 9; tap++) taps[tap][i] = from[i * filter_stride + (c->is_gradient ? 8 - tap : tap)];
      }
      widen_3x3(taps, u);
      float *const to = w->packed + group * products_3x3 * size + packed_place(c->channels, c->filters, channel, filter);
      UNROLLED for (int i = 0; i < products_3x3; i++) store(to + i * size, u[i]);
    }
  }
}

static void pack_3x3(const ck_minimal_3x3 *convolution, const float *weights, float *packed, int members) {
  pack_3x3_work work = {convolution, weights, packed};
  ck_team_run(pack_3x3_share, &work, members);
}

// MARK: Products

typedef struct {
  // [runs of channels][tiles][run_of_channels], from the first row's factors on, and from there to the next run's.
  const float *left;
  long next_run, runs;
  const float *right;
  // The first row's, and from there to the next row's.
  float *result;
  long next_result;
} run_tile_3x3;

// As `multiply_rows`, of rows whose distance the compiler knows.
INLINE void multiply_runs(const int rows, const int vectors, const run_tile_3x3 *t) {
#pragma clang fp contract(fast)
  vector sums[tallest][2];
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = (vector)0.0f;
  }
  const float *right = t->right;
  for (long run = 0; run < t->runs; run++) {
    const float *left = t->left + run * t->next_run;
    for (const float *end = left + run_of_channels; left < end; left++) {
      vector x[2];
      UNROLLED for (int v = 0; v < vectors; v++) x[v] = load(right + v * lanes);
      UNROLLED for (int r = 0; r < rows; r++) {
        const vector y = (vector)left[r * run_of_channels];
        UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = y * x[v] + sums[r][v];
      }
      right += vectors * lanes;
    }
  }
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) store(t->result + r * t->next_result + v * lanes, sums[r][v]);
  }
}

typedef void (*run_tile_function)(const run_tile_3x3 *);

#define DEFINE_RUNS(rows, vectors) \
  static void runs_##rows##x##vectors(const run_tile_3x3 *t) { multiply_runs(rows, vectors, t); }
#define NAME_RUNS(rows, vectors) runs_##rows##x##vectors,
EACH_HEIGHT(DEFINE_RUNS, 1)
EACH_HEIGHT(DEFINE_RUNS, 2)
static const run_tile_function run_tiles[2][tallest] = {{EACH_HEIGHT(NAME_RUNS, 1)}, {EACH_HEIGHT(NAME_RUNS, 2)}};

// sums[product][tile][filter] = factors[product][run of channels][tile][channel] · packed[product].
static void multiply_group(const ck_minimal_3x3 *c, const float *factors, const float *packed, long tiles,
                           float *sums) {
  const long blocks = (tiles + tallest - 1) / tallest, runs = c->channels / run_of_channels;
  for (long i = 0; i < products_3x3; i++) {
    for (long filter = 0; filter < c->filters; filter += panel) {
      const int vectors = c->filters - filter > lanes ? 2 : 1;
      for (long block = 0; block < blocks; block++) {
        const long first = part(tiles, block, blocks), rows = part(tiles, block + 1, blocks) - first;
        run_tiles[vectors - 1][rows - 1](&(run_tile_3x3){
            factors + (i * runs * tiles + first) * run_of_channels, tiles * run_of_channels, runs,
            packed + (i * c->filters + filter) * c->channels, sums + (i * tiles + first) * c->filters + filter,
            c->filters});
      }
    }
  }
}

// MARK: Convolutions

typedef struct {
  const ck_minimal_3x3 *convolution;
  const float *images, *packed, *bias;
  float slope;
  float *windows;
  char *scratch;
} run_3x3_work;

// A tile: the pixels that it reads, and where its windows lie.
typedef struct {
  const float *pixels[16];
  tile_rows windows;
} tile_3x3;

static tile_3x3 find_tile(const run_3x3_work *w, tile_place place) {
  const ck_minimal_3x3 *c = w->convolution;
  const long pixel = c->groups * c->channels, window = c->groups * c->filters;
  tile_3x3 tile;
  for (int i = 0; i < 16; i++) {
    tile.pixels[i] = pixel_at(w->images, c->height, c->width, pixel, place.image, place.row + i / 4 - c->padding,
                              place.column + i % 4 - c->padding);
  }
  tile.windows = (tile_rows){
      w->windows + ((place.image * c->window_rows + place.row) * c->window_columns + place.column) * window, window,
      c->window_columns * window, place.row + 1 < c->window_rows, place.column + 1 < c->window_columns};
  return tile;
}

// The factors of a tile's pixels, from `channel` on, as `multiply_runs` reads them.
INLINE void spread_tile(const tile_3x3 *tile, long channel, long count, float *to, long next_run, long next_product) {
  for (long k = 0; k < count; k += lanes) {
    vector x[16], y[products_3x3];
    UNROLLED for (int i = 0; i < 16; i++) x[i] = load(tile->pixels[i] + channel + k);
    spread_3x3(x, y);
    float *const place = to + k / run_of_channels * next_run + k % run_of_channels;
    UNROLLED for (int i = 0; i < products_3x3; i++) store(place + i * next_product, y[i]);
  }
}

// Joins a tile's sums, which lie `stride` apart for each product, and stores the windows' filters from `filter` on.
INLINE void join_tile(const run_3x3_work *w, const float *sums, long stride, long filter, tile_rows to) {
  for (long f = 0; f < w->convolution->filters; f += lanes) {
    vector y[4] = {(vector)0.0f, (vector)0.0f, (vector)0.0f, (vector)0.0f};
    UNROLLED for (int i = 0; i < products_3x3; i++) join_3x3(i, load(sums + i * stride + f), y);
    finish_windows(y, w->bias, w->slope, filter + f, to);
  }
}

#if LANES == 16
// Of one vector of filters the sums stay in registers: 4 of each of 6 tiles, and a product of each.
enum { tallest_joined = 6 };

typedef struct {
  // [products][runs of channels][tiles][run_of_channels], from the first tile's factors on.
  const float *factors;
  long next_product, next_run, runs;
  const float *packed;
  const tile_3x3 *tiles;
  const float *bias;
  float slope;
  long filter;
} joined_tiles;

// The windows of `rows` tiles.
INLINE void join_products(const int rows, const joined_tiles *t) {
#pragma clang fp contract(fast)
  vector y[tallest_joined][4];
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int i = 0; i < 4; i++) y[r][i] = (vector)0.0f;
  }
  const float *right = t->packed;
  UNROLLED for (int i = 0; i < products_3x3; i++) {
    vector sums[tallest_joined];
    UNROLLED for (int r = 0; r < rows; r++) sums[r] = (vector)0.0f;
    for (long run = 0; run < t->runs; run++) {
      const float *left = t->factors + i * t->next_product + run * t->next_run;
      for (const float *end = left + run_of_channels; left < end; left++) {
        const vector x = load(right);
        UNROLLED for (int r = 0; r < rows; r++) sums[r] = (vector)left[r * run_of_channels] * x + sums[r];
        right += lanes;
      }
    }
    UNROLLED for (int r = 0; r < rows; r++) join_3x3(i, sums[r], y[r]);
  }
  UNROLLED for (int r = 0; r < rows; r++) finish_windows(y[r], t->bias, t->slope, t->filter, t->tiles[r].windows);
}

typedef void (*joined_function)(const joined_tiles *);

#define DEFINE_JOINED(rows, vectors) \
  static void joined_##rows##x##vectors(const joined_tiles *t) { join_products(rows, t); }
#define NAME_JOINED(rows, vectors) joined_##rows##x##vectors,
EACH_HEIGHT_6(DEFINE_JOINED, 1)
static const joined_function joined_by_height[tallest_joined] = {EACH_HEIGHT_6(NAME_JOINED, 1)};

static void join_group(const run_3x3_work *w, const tile_3x3 *tiles, long count, long group, const float *factors,
                       const float *packed) {
  const ck_minimal_3x3 *c = w->convolution;
  for (long t = 0; t < count; t += tallest_joined) {
    const long rows = smaller(count - t, tallest_joined);
    joined_by_height[rows - 1](&(joined_tiles){factors + t * run_of_channels, count * c->channels,
                                               count * run_of_channels, c->channels / run_of_channels, packed,
                                               tiles + t, w->bias, w->slope, group * c->filters});
  }
}
#endif

static size_t share_floats_3x3(const ck_minimal_3x3 *c) {
  return (size_t)(c->channels + c->filters) * products_3x3 * tiles_at_once_3x3;
}

// One group of `count` tiles.
static void run_tiles_3x3(const run_3x3_work *w, const tile_3x3 *tiles, long count, long group, float *factors) {
  const ck_minimal_3x3 *c = w->convolution;
  // Where one panel has the filters of one run, a product's sums take the place of its factors, and stay in that cache.
  const bool is_in_place = c->filters == run_of_channels && c->channels == run_of_channels && run_of_channels <= panel;
  float *const sums = is_in_place ? factors : factors + tiles_at_once_3x3 * products_3x3 * c->channels;
  for (long t = 0; t < count; t++) {
    spread_tile(&tiles[t], group * c->channels, c->channels, factors + t * run_of_channels, count * run_of_channels,
                count * c->channels);
  }
  const float *const packed = w->packed + group * products_3x3 * c->channels * c->filters;
#if LANES == 16
  if (c->filters == lanes) {
    join_group(w, tiles, count, group, factors, packed);
    return;
  }
#endif
  multiply_group(c, factors, packed, count, sums);
  for (long t = 0; t < count; t++) {
    join_tile(w, sums + t * c->filters, count * c->filters, group * c->filters, tiles[t].windows);
  }
}

static void run_3x3_share(void *opaque, int member, int members) {
  const run_3x3_work *w = opaque;
  const ck_minimal_3x3 *c = w->convolution;
  const tile_plane plane = tiles_over(c->window_rows, c->window_columns);
  const long all = c->images * plane.rows * plane.columns;
  const long start = part(all, member, members), end = part(all, member + 1, members);
  float *const factors = (float *)w->scratch + (size_t)member * share_floats_3x3(c);
  for (long first = start; first < end; first += tiles_found) {
    const long found = smaller(end - first, tiles_found);
    tile_3x3 tiles[tiles_found];
    for (long t = 0; t < found; t++) tiles[t] = find_tile(w, tile_at(plane, first + t));
    for (long group = 0; group < c->groups; group++) {
      for (long t = 0; t < found; t += tiles_at_once_3x3) {
        run_tiles_3x3(w, tiles + t, smaller(found - t, tiles_at_once_3x3), group, factors);
      }
    }
  }
}

static size_t scratch_3x3(const ck_minimal_3x3 *convolution, int members) {
  return (size_t)members * share_floats_3x3(convolution) * sizeof(float);
}

static void run_3x3(const ck_minimal_3x3 *convolution, const float *images, const float *packed, const float *bias,
                    float slope, float *windows, void *scratch, int members) {
  run_3x3_work work = {convolution, images, packed, bias, slope, windows, scratch};
  ck_team_run(run_3x3_share, &work, members);
}

const ck_minimal_3x3_functions SUFFIXED(ck_minimal_3x3) = {pack_3x3, scratch_3x3, run_3x3};
