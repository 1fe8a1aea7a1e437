// Convolutions by minimal filtering for one instruction set; after products_isa.h, whose tiles it uses.
//
// Two neighbours of a filter of two taps, y0 = x0 w0 + x1 w1 and y1 = x1 w0 + x2 w1, take three products:
// a = (x0 - x1) w0, b = x1 (w0 + w1), c = (x1 - x2) w1; y0 = a + b, y1 = b - c. Along both axes that is 9 for 16.

#pragma clang fp contract(off)

enum {
  products_per_tile = 9,
  phases = 4,
  // Tiles whose products are made before their sums are used: all stay in the second-level cache.
  tiles_at_once = 48,
};

// MARK: Elements

// What is multiplied lies in units of one float, or of two bfloat16 whose products are added together.

// The units of the elements in `first` and `second`, or of `first` alone.
INLINE vector unit_of(vector first, vector second) {
#if BFLOAT16
  return paired(first, second);
#else
  (void)second;
  return first;
#endif
}

// Stores neighbouring elements of a row, `lanes` from element `index` on.
INLINE void store_elements(float *row, long index, vector v) {
#if BFLOAT16
  _mm256_storeu_si256((__m256i *)(row + index / 2), (__m256i)_mm512_cvtneps_pbh((__m512)v));
#else
  store(row + index, v);
#endif
}

static long units_of(long elements) { return (elements + elements_in_unit - 1) / elements_in_unit; }

// What is multiplied of 3 x 3 neighbouring pixels of a phase.
INLINE void spread(const vector x[9], vector y[products_per_tile]) {
  vector rows[9];
  UNROLLED for (int i = 0; i < 3; i++) {
    rows[i] = x[i] - x[3 + i];
    rows[3 + i] = x[3 + i];
    rows[6 + i] = x[3 + i] - x[6 + i];
  }
  UNROLLED for (int i = 0; i < 9; i += 3) {
    y[i] = rows[i] - rows[i + 1];
    y[i + 1] = rows[i + 1];
    y[i + 2] = rows[i + 1] - rows[i + 2];
  }
}

// What it is multiplied with of 2 x 2 taps.
INLINE void widen(const vector w[4], vector u[products_per_tile]) {
  const vector rows[6] = {w[0], w[1], w[0] + w[2], w[1] + w[3], w[2], w[3]};
  UNROLLED for (int i = 0; i < 3; i++) {
    u[3 * i] = rows[2 * i];
    u[3 * i + 1] = rows[2 * i] + rows[2 * i + 1];
    u[3 * i + 2] = rows[2 * i + 1];
  }
}

// The 2 x 2 sums from their products.
INLINE void join(const vector m[products_per_tile], vector y[4]) {
  vector rows[6];
  UNROLLED for (int i = 0; i < 3; i++) {
    rows[i] = m[i] + m[3 + i];
    rows[3 + i] = m[3 + i] - m[6 + i];
  }
  UNROLLED for (int i = 0; i < 2; i++) {
    y[2 * i] = rows[3 * i] + rows[3 * i + 1];
    y[2 * i + 1] = rows[3 * i + 1] - rows[3 * i + 2];
  }
}

// MARK: Places

// Tiles of a plane of results: two by two, those at the end of an odd side half beyond it.
typedef struct {
  long rows, columns;
} tile_plane;

static tile_plane tiles_over(long rows, long columns) { return (tile_plane){(rows + 1) / 2, (columns + 1) / 2}; }

// A tile's image, and its first row and column in the plane.
typedef struct {
  long image, row, column;
} tile_place;

static tile_place tile_at(tile_plane plane, long index) {
  const long in_image = index % (plane.rows * plane.columns);
  return (tile_place){index / (plane.rows * plane.columns), 2 * (in_image / plane.columns),
                      2 * (in_image % plane.columns)};
}

// The pixel of an image [height, width, channels], zeros outside.
static const float *pixel_at(const float *images, long height, long width, long channels, long image, long row,
                             long column) {
  const bool is_inside = row >= 0 && row < height && column >= 0 && column < width;
  return is_inside ? images + ((image * height + row) * width + column) * channels : ck_zeros;
}

// Pixels of the images that lie in a phase: those whose rows are `first + 2 i`.
typedef struct {
  long first, count;
} phase_axis;

static phase_axis phase_of(long phase, long extent, long padding) {
  const long first = (padding + phase) & 1;
  return (phase_axis){first, (extent - first + 1) / 2};
}

// MARK: Weights

// The 4 x 4 taps of `lanes` filters or channels whose weights lie `stride` apart.
INLINE void load_taps(const float *weights, long stride, vector taps[16]) {
  for (int first = 0; first < 16; first += lanes) {
    UNROLLED for (int i = 0; i < lanes; i++) taps[first + i] = load(weights + i * stride + first);
    transpose(taps + first);
  }
}

// The factors of each phase's taps, in the order of a convolution or of its gradient in the images.
INLINE void pack_taps(vector taps[elements_in_unit][16], bool is_gradient, float *to, long phase_stride,
                      long product_stride) {
  for (int phase = 0; phase < phases; phase++) {
    const int first = phase / 2 * 4 + phase % 2;
    vector u[elements_in_unit][products_per_tile];
    UNROLLED for (int e = 0; e < elements_in_unit; e++) {
      const vector *w = taps[e] + first;
      if (is_gradient) {
        widen((vector[]){w[10], w[8], w[2], w[0]}, u[e]);
      } else {
        widen((vector[]){w[0], w[2], w[8], w[10]}, u[e]);
      }
    }
    UNROLLED for (int i = 0; i < products_per_tile; i++) {
      store(to + phase * phase_stride + i * product_stride, unit_of(u[0][i], u[elements_in_unit - 1][i]));
    }
  }
}

typedef struct {
  const ck_minimal *convolution;
  bool is_gradient;
  const float *weights;
  float *packed;
} minimal_pack_work;

// The place of an inner index and a vector of columns in a packed matrix.
INLINE long packed_place(long inner_count, long columns, long inner, long column) {
  const long index = column / panel, width = columns - index * panel > lanes ? panel : lanes;
  return index * inner_count * panel + inner * width + column % panel;
}

// A convolution's: [product][panel][phase, channel][filter]; its gradient's:
// [phase][product][panel][filter][channel].
static void minimal_pack_share(void *opaque, int member, int members) {
  const minimal_pack_work *w = opaque;
  const long channels = w->convolution->channels, filters = w->convolution->filters;
  // Units of a phase's factors of one product.
  const long size = channels * filters / elements_in_unit;
  vector taps[elements_in_unit][16];
  if (w->is_gradient) {
    const long inner = filters / elements_in_unit;
    for (long k = part(inner, member, members); k < part(inner, member + 1, members); k++) {
      for (long channel = 0; channel < channels; channel += lanes) {
        for (long e = 0; e < elements_in_unit; e++) {
          load_taps(w->weights + ((k * elements_in_unit + e) * channels + channel) * 16, 16, taps[e]);
        }
        pack_taps(taps, true, w->packed + packed_place(inner, channels, k, channel), products_per_tile * size, size);
      }
    }
    return;
  }
  const long blocks = filters / lanes, inner = channels / elements_in_unit;
  for (long block = part(blocks, member, members); block < part(blocks, member + 1, members); block++) {
    const long filter = block * lanes, width = filters - filter / panel * panel > lanes ? panel : lanes;
    for (long k = 0; k < inner; k++) {
      for (long e = 0; e < elements_in_unit; e++) {
        load_taps(w->weights + (filter * channels + k * elements_in_unit + e) * 16, channels * 16, taps[e]);
      }
      pack_taps(taps, false, w->packed + packed_place(phases * inner, filters, k, filter), inner * width,
                phases * size);
    }
  }
}

static void minimal_pack(const ck_minimal *convolution, bool is_gradient, const float *weights, float *packed,
                         int members) {
  minimal_pack_work work = {convolution, is_gradient, weights, packed};
  ck_team_run(minimal_pack_share, &work, members);
}

// MARK: Convolutions and their gradients in images

typedef struct {
  const ck_minimal *convolution;
  const float *images, *windows, *packed, *bias;
  float slope;
  float *result;
  char *scratch;
} minimal_work;

// The factors of a tile's pixels of one phase, `channels` each, to `to` and from there `stride` units apart.
INLINE void spread_pixels(const float *const pixels[9], long channels, float *to, long stride) {
  for (long c = 0; c < channels; c += lanes) {
    vector x[9], y[products_per_tile];
    UNROLLED for (int i = 0; i < 9; i++) x[i] = load(pixels[i] + c);
    spread(x, y);
    UNROLLED for (int i = 0; i < products_per_tile; i++) store_elements(to + i * stride, c, y[i]);
  }
}

// The pixels of a phase that a tile of windows reads.
static void find_pixels(const ck_minimal *c, const float *images, tile_place tile, int phase,
                        const float *pixels[9]) {
  for (int i = 0; i < 9; i++) {
    const long row = 2 * (tile.row + i / 3) + phase / 2 - c->padding;
    const long column = 2 * (tile.column + i % 3) + phase % 2 - c->padding;
    pixels[i] = pixel_at(images, c->height, c->width, c->channels, tile.image, row, column);
  }
}

// sums[product][tile][column] = factors[product][tile][inner] · packed[product], inner in units.
static void multiply_tiles(const float *factors, const float *packed, long tiles, long inner, long columns,
                           float *sums) {
  const long blocks = (tiles + tallest - 1) / tallest;
  for (long i = 0; i < products_per_tile; i++) {
    for (long column = 0; column < columns; column += panel) {
      const int vectors = columns - column > lanes ? 2 : 1;
      for (long block = 0; block < blocks; block++) {
        const long first = part(tiles, block, blocks), rows = part(tiles, block + 1, blocks) - first;
        const float *left[tallest];
        float *result[tallest];
        for (long r = 0; r < rows; r++) {
          left[r] = factors + (i * tiles + first + r) * inner;
          result[r] = sums + (i * tiles + first + r) * columns + column;
        }
        row_tiles[vectors - 1][rows - 1](&(row_tile){left, 0, 1, inner, packed + i * inner * columns + column * inner,
                                                     vectors * lanes, NULL, 1, result});
      }
    }
  }
}

// Where the results of a tile lie: its first one, the distances of the next column and row, and if there are such.
typedef struct {
  float *first;
  long next_column, next_row;
  bool has_row, has_column;
} tile_rows;

// Adds the bias of a tile's windows, from filter `f` on, if there is one, and stores them.
INLINE void finish_windows(vector y[4], const float *bias, float slope, long f, tile_rows to) {
  if (bias) {
    const vector b = load(bias + f);
    UNROLLED for (int i = 0; i < 4; i++) y[i] = y[i] + b;
  }
  if (slope != 1) {
    UNROLLED for (int i = 0; i < 4; i++) y[i] = y[i] > 0.0f ? y[i] : y[i] * slope;
  }
  store(to.first + f, y[0]);
  if (to.has_column) store(to.first + to.next_column + f, y[1]);
  if (to.has_row) store(to.first + to.next_row + f, y[2]);
  if (to.has_row && to.has_column) store(to.first + to.next_row + to.next_column + f, y[3]);
}

// Joins a tile's sums, which lie `stride` apart for each product, and finishes the results.
INLINE void store_tile(const float *sums, long stride, long columns, const float *bias, float slope, tile_rows to) {
  for (long c = 0; c < columns; c += lanes) {
    vector m[products_per_tile], y[4];
    UNROLLED for (int i = 0; i < products_per_tile; i++) m[i] = load(sums + i * stride + c);
    join(m, y);
    finish_windows(y, bias, slope, c, to);
  }
}

static size_t minimal_share_floats(const ck_minimal *c) {
  // A convolution's tiles have factors of four phases and sums of filters, its gradient's fewer or as many.
  const size_t forward = (size_t)(phases * c->channels + c->filters), back = (size_t)(c->filters + c->channels);
  return (forward > back ? forward : back) * products_per_tile * tiles_at_once;
}

static void minimal_forward_share(void *opaque, int member, int members) {
  const minimal_work *w = opaque;
  const ck_minimal *c = w->convolution;
  const tile_plane plane = tiles_over(c->window_rows, c->window_columns);
  const long all = c->images * plane.rows * plane.columns, inner = phases * c->channels / elements_in_unit;
  const long start = part(all, member, members), count = part(all, member + 1, members) - start;
  const long blocks = (count + tiles_at_once - 1) / tiles_at_once;
  float *const factors = (float *)w->scratch + (size_t)member * minimal_share_floats(c);
  float *const sums = factors + tiles_at_once * products_per_tile * inner;
  for (long block = 0; block < blocks; block++) {
    const long first = start + part(count, block, blocks), tiles = start + part(count, block + 1, blocks) - first;
    for (long t = 0; t < tiles; t++) {
      const tile_place tile = tile_at(plane, first + t);
      for (int phase = 0; phase < phases; phase++) {
        const float *pixels[9];
        find_pixels(c, w->images, tile, phase, pixels);
        spread_pixels(pixels, c->channels, factors + t * inner + phase * (inner / phases), tiles * inner);
      }
    }
    multiply_tiles(factors, w->packed, tiles, inner, c->filters, sums);
    for (long t = 0; t < tiles; t++) {
      const tile_place tile = tile_at(plane, first + t);
      float *const result =
          w->result + ((tile.image * c->window_rows + tile.row) * c->window_columns + tile.column) * c->filters;
      const bool has_row = tile.row + 1 < c->window_rows, has_column = tile.column + 1 < c->window_columns;
      store_tile(sums + t * c->filters, tiles * c->filters, c->filters, w->bias, w->slope,
                 (tile_rows){result, c->filters, c->window_columns * c->filters, has_row, has_column});
    }
  }
}

// One phase of the pixels: each is the sum of 2 x 2 neighbouring windows.
static void minimal_phase_share(const minimal_work *w, int phase, int member, int members) {
  const ck_minimal *c = w->convolution;
  const phase_axis rows = phase_of(phase / 2, c->height, c->padding), columns = phase_of(phase % 2, c->width, c->padding);
  const tile_plane plane = tiles_over(rows.count, columns.count);
  const long all = c->images * plane.rows * plane.columns, inner = c->filters / elements_in_unit;
  const long start = part(all, member, members), count = part(all, member + 1, members) - start;
  const long blocks = (count + tiles_at_once - 1) / tiles_at_once;
  // The last window, of those that a pixel sees, of the phase's first pixel; the one before it comes first.
  const long row_shift = (rows.first + c->padding - phase / 2) / 2 - 1;
  const long column_shift = (columns.first + c->padding - phase % 2) / 2 - 1;
  const float *const packed = w->packed + phase * products_per_tile * inner * c->channels;
  float *const factors = (float *)w->scratch + (size_t)member * minimal_share_floats(c);
  float *const sums = factors + tiles_at_once * products_per_tile * inner;
  for (long block = 0; block < blocks; block++) {
    const long first = start + part(count, block, blocks), tiles = start + part(count, block + 1, blocks) - first;
    for (long t = 0; t < tiles; t++) {
      const tile_place tile = tile_at(plane, first + t);
      const float *windows[9];
      for (int i = 0; i < 9; i++) {
        windows[i] = pixel_at(w->windows, c->window_rows, c->window_columns, c->filters, tile.image,
                              tile.row + row_shift + i / 3, tile.column + column_shift + i % 3);
      }
      spread_pixels(windows, c->filters, factors + t * inner, tiles * inner);
    }
    multiply_tiles(factors, packed, tiles, inner, c->channels, sums);
    for (long t = 0; t < tiles; t++) {
      const tile_place tile = tile_at(plane, first + t);
      const long row = rows.first + 2 * tile.row, column = columns.first + 2 * tile.column;
      float *const result = w->result + ((tile.image * c->height + row) * c->width + column) * c->channels;
      const bool has_row = tile.row + 1 < rows.count, has_column = tile.column + 1 < columns.count;
      store_tile(sums + t * c->channels, tiles * c->channels, c->channels, NULL, 1,
                 (tile_rows){result, 2 * c->channels, 2 * c->width * c->channels, has_row, has_column});
    }
  }
}

static void minimal_images_share(void *opaque, int member, int members) {
  for (int phase = 0; phase < phases; phase++) minimal_phase_share(opaque, phase, member, members);
}

static size_t minimal_scratch(const ck_minimal *convolution, int members) {
  return (size_t)members * minimal_share_floats(convolution) * sizeof(float);
}

static void minimal_forward(const ck_minimal *convolution, const float *images, const float *packed,
                            const float *bias, float slope, float *windows, void *scratch, int members) {
  minimal_work work = {convolution, images, NULL, packed, bias, slope, windows, scratch};
  ck_team_run(minimal_forward_share, &work, members);
}

static void minimal_images(const ck_minimal *convolution, const float *windows, const float *packed, float *images,
                           void *scratch, int members) {
  minimal_work work = {convolution, NULL, windows, packed, NULL, 1, images, scratch};
  ck_team_run(minimal_images_share, &work, members);
}

// MARK: Gradients in weights

typedef struct {
  const ck_minimal *convolution;
  const float *images, *windows;
  // Units of tiles: [product][panel of (phase, channel)][tile][column] and [product][tile][filter]; and
  // [product][filter][phase, channel].
  float *image_factors, *window_factors, *sums;
  float *weights;
} minimal_weights_work;

static long all_tiles(const ck_minimal *c) {
  const tile_plane plane = tiles_over(c->window_rows, c->window_columns);
  return c->images * plane.rows * plane.columns;
}

// The factors of neighbouring tiles' pixels, a vector of channels of one phase.
INLINE void spread_unit(const float *const pixels[elements_in_unit][9], long channel, float *to, long stride) {
  vector y[elements_in_unit][products_per_tile];
  UNROLLED for (int e = 0; e < elements_in_unit; e++) {
    vector x[9];
    UNROLLED for (int i = 0; i < 9; i++) x[i] = load(pixels[e][i] + channel);
    spread(x, y[e]);
  }
  UNROLLED for (int i = 0; i < products_per_tile; i++) {
    store(to + i * stride, unit_of(y[0][i], y[elements_in_unit - 1][i]));
  }
}

// The factors of neighbouring tiles' windows, a vector of filters.
INLINE void widen_unit(const float *const windows[elements_in_unit][4], long filter, float *to, long stride) {
  vector u[elements_in_unit][products_per_tile];
  UNROLLED for (int e = 0; e < elements_in_unit; e++) {
    vector d[4];
    UNROLLED for (int i = 0; i < 4; i++) d[i] = load(windows[e][i] + filter);
    widen(d, u[e]);
  }
  UNROLLED for (int i = 0; i < products_per_tile; i++) {
    store(to + i * stride, unit_of(u[0][i], u[elements_in_unit - 1][i]));
  }
}

static void spread_share(void *opaque, int member, int members) {
  const minimal_weights_work *w = opaque;
  const ck_minimal *c = w->convolution;
  const tile_plane plane = tiles_over(c->window_rows, c->window_columns);
  const long all = all_tiles(c), units = units_of(all), columns = phases * c->channels;
  for (long t = part(units, member, members); t < part(units, member + 1, members); t++) {
    // A tile beyond the last lies in no image.
    tile_place tiles[elements_in_unit];
    for (long e = 0; e < elements_in_unit; e++) {
      const long index = t * elements_in_unit + e;
      tiles[e] = index < all ? tile_at(plane, index) : (tile_place){0, -8, -8};
    }
    for (int phase = 0; phase < phases; phase++) {
      const float *pixels[elements_in_unit][9];
      for (long e = 0; e < elements_in_unit; e++) find_pixels(c, w->images, tiles[e], phase, pixels[e]);
      for (long channel = 0; channel < c->channels; channel += lanes) {
        const long column = phase * c->channels + channel;
        spread_unit(pixels, channel, w->image_factors + (column / panel * units + t) * panel + column % panel,
                    units * columns);
      }
    }
    const float *windows[elements_in_unit][4];
    for (long e = 0; e < elements_in_unit; e++) {
      for (int i = 0; i < 4; i++) {
        windows[e][i] = pixel_at(w->windows, c->window_rows, c->window_columns, c->filters, tiles[e].image,
                                 tiles[e].row + i / 2, tiles[e].column + i % 2);
      }
    }
    for (long f = 0; f < c->filters; f += lanes) {
      widen_unit(windows, f, w->window_factors + t * c->filters + f, units * c->filters);
    }
  }
}

static void sum_tiles_share(void *opaque, int member, int members) {
  const minimal_weights_work *w = opaque;
  const ck_minimal *c = w->convolution;
  const long units = units_of(all_tiles(c)), columns = phases * c->channels, panels = columns / panel;
  const long blocks = (c->filters + tallest - 1) / tallest, count = products_per_tile * panels;
  float tile[tallest * panel] __attribute__((aligned(64)));
  for (long unit = part(count, member, members); unit < part(count, member + 1, members); unit++) {
    const long product = unit / panels, index = unit % panels;
    for (long block = 0; block < blocks; block++) {
      const long first = part(c->filters, block, blocks), rows = part(c->filters, block + 1, blocks) - first;
      column_tiles[1][rows - 1](&(column_tile){
          w->window_factors + product * units * c->filters + first, w->image_factors + unit * units * panel,
          c->filters, panel, units, false, tile});
      for (long r = 0; r < rows; r++) {
        memcpy(w->sums + (product * c->filters + first + r) * columns + index * panel, tile + r * panel,
               panel * sizeof(float));
      }
    }
  }
}

static void join_share(void *opaque, int member, int members) {
  const minimal_weights_work *w = opaque;
  const ck_minimal *c = w->convolution;
  const long columns = phases * c->channels;
  for (long f = part(c->filters, member, members); f < part(c->filters, member + 1, members); f++) {
    for (long channel = 0; channel < c->channels; channel += lanes) {
      vector taps[16];
      UNROLLED for (int phase = 0; phase < phases; phase++) {
        vector m[products_per_tile], y[4];
        const float *from = w->sums + f * columns + phase * c->channels + channel;
        UNROLLED for (int i = 0; i < products_per_tile; i++) m[i] = load(from + i * c->filters * columns);
        join(m, y);
        const int first = phase / 2 * 4 + phase % 2;
        UNROLLED for (int i = 0; i < 4; i++) taps[first + i / 2 * 8 + i % 2 * 2] = y[i];
      }
      float *to = w->weights + (f * c->channels + channel) * 16;
      for (int first = 0; first < 16; first += lanes) {
        transpose(taps + first);
        UNROLLED for (int i = 0; i < lanes; i++) store(to + i * 16 + first, taps[first + i]);
      }
    }
  }
}

static size_t minimal_weights_scratch(const ck_minimal *c) {
  const long columns = phases * c->channels, units = units_of(all_tiles(c));
  return (size_t)(products_per_tile * (units * (columns + c->filters) + c->filters * columns)) * sizeof(float);
}

static void minimal_weights(const ck_minimal *c, const float *images, const float *windows, float *weights,
                            void *scratch, int members) {
  const long columns = phases * c->channels, units = units_of(all_tiles(c));
  float *const image_factors = scratch, *const window_factors = image_factors + products_per_tile * units * columns;
  minimal_weights_work work = {c, images, windows, image_factors, window_factors,
                               window_factors + products_per_tile * units * c->filters, weights};
  ck_team_run(spread_share, &work, members);
  ck_team_run(sum_tiles_share, &work, members);
  ck_team_run(join_share, &work, members);
}

const ck_minimal_functions SUFFIXED(ck_minimal) = {
    minimal_pack, minimal_scratch, minimal_forward, minimal_images, minimal_weights_scratch, minimal_weights,
};
