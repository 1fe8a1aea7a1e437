// The core's loops for one instruction set. Whoever includes this has set what functions are compiled for,
// LANES (floats in a vector), TALLEST (rows of a tile: with two vectors each they fill the registers) and
// SUFFIXED(name). With BFLOAT16 the units that products multiply, moved as if they were floats, are pairs of
// bfloat16, and inner indices count pairs.

typedef float vector __attribute__((ext_vector_type(LANES), aligned(4)));
typedef double wide_vector __attribute__((ext_vector_type(LANES), aligned(8)));

enum {
  lanes = LANES,
  tallest = TALLEST,
  panel = 2 * LANES,
  // Taps of blocks of rows that a member prepares at a time.
  prepared = CK_MOST_TAPS,
  // Bytes of the source that rows prepared at a time read: half a small second-level cache.
  source_bytes = 192 << 10,
};

#if BFLOAT16
#define MULTIPLY_ADD(y, x, sum) ((vector)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)(y), (__m512bh)(x)))
#else
#define MULTIPLY_ADD(y, x, sum) ((y) * (x) + (sum))
#endif

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

INLINE vector load(const float *source) { return *(const vector *)source; }
INLINE void store(float *destination, vector v) { *(vector *)destination = v; }

INLINE vector load_some(const float *source, long count) {
  vector v = (vector)0.0f;
  memcpy(&v, source, (size_t)count * sizeof(float));
  return v;
}

static long part(long count, long member, long members) { return count * member / members; }
static long smaller(long a, long b) { return a < b ? a : b; }
static long panels_of(long columns) { return (columns + panel - 1) / panel; }

#if BFLOAT16
// MARK: Pairs

enum {
  // A panel of pairs takes the memory that floats would, in which it is made.
  elements_in_unit = 2,
};

// Element i of the result is the pair of a[i] and b[i], each rounded to the nearest bfloat16, ties to even.
INLINE vector paired(vector a, vector b) {
  const __m512i order = (__m512i)(__attribute__((ext_vector_type(32))) short){
      0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
      8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  return (vector)_mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh((__m512)b, (__m512)a));
}

INLINE void store_some(float *destination, vector v, long count) {
  memcpy(destination, &v, (size_t)count * sizeof(float));
}

// Rows k and k + 1 become a row of pairs, the partners of an odd last row zeros. May be done in place.
static void pair_rows(const float *from, long rows, long columns, float *to) {
  for (long k = 0; k < rows; k += 2) {
    const float *a = from + k * columns, *b = a + columns;
    float *pairs = to + k / 2 * columns;
    const bool is_last = k + 1 == rows;
    long c = 0;
    for (; c + lanes <= columns; c += lanes) {
      store(pairs + c, paired(load(a + c), is_last ? (vector)0.0f : load(b + c)));
    }
    if (c == columns) continue;
    const vector x = load_some(a + c, columns - c);
    const vector y = is_last ? (vector)0.0f : load_some(b + c, columns - c);
    store_some(pairs + c, paired(x, y), columns - c);
  }
}

// Neighbours in a row become pairs, the partner of an odd last one zero.
static void narrow_row(const float *from, long count, float *to) {
  long k = 0;
  for (; k + 2 * lanes <= count; k += 2 * lanes) {
    store(to + k / 2, (vector)_mm512_cvtne2ps_pbh((__m512)load(from + k + lanes), (__m512)load(from + k)));
  }
  if (k == count) return;
  const long first = smaller(count - k, lanes), second = count - k - first;
  const vector rest = (vector)_mm512_cvtne2ps_pbh((__m512)load_some(from + k + first, second),
                                                  (__m512)load_some(from + k, first));
  store_some(to + k / 2, rest, (count - k + 1) / 2);
}

typedef struct {
  const float *from;
  long rows, columns;
  float *to;
} pair_work;

static void narrow_share(void *opaque, int member, int members) {
  const pair_work *w = opaque;
  const long half = (w->columns + 1) / 2;
  for (long r = part(w->rows, member, members); r < part(w->rows, member + 1, members); r++) {
    narrow_row(w->from + r * w->columns, w->columns, w->to + r * half);
  }
}

static void narrow(const float *from, int64_t rows, int64_t columns, float *to, int members) {
  pair_work work = {from, rows, columns, to};
  ck_team_run(narrow_share, &work, members);
}

static void pair_share(void *opaque, int member, int members) {
  const pair_work *w = opaque;
  const long pairs = (w->rows + 1) / 2;
  const long first = 2 * part(pairs, member, members), last = smaller(2 * part(pairs, member + 1, members), w->rows);
  pair_rows(w->from + first * w->columns, last - first, w->columns, w->to + first / 2 * w->columns);
}

static void pair(const float *from, int64_t rows, int64_t columns, float *to, int members) {
  pair_work work = {from, rows, columns, to};
  ck_team_run(pair_share, &work, members);
}

#else
enum { elements_in_unit = 1 };
#endif

// MARK: Packing

#if LANES == 16
// Rows i and i + 8 are interleaved, four times.
INLINE void transpose(vector x[16]) {
  UNROLLED for (int round = 0; round < 4; round++) {
    vector y[16];
    UNROLLED for (int i = 0; i < 8; i++) {
      y[2 * i] = __builtin_shufflevector(x[i], x[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      y[2 * i + 1] = __builtin_shufflevector(x[i], x[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    UNROLLED for (int i = 0; i < 16; i++) x[i] = y[i];
  }
}
#elif LANES == 8
INLINE void transpose(vector x[8]) {
  vector a[8], b[8];
  UNROLLED for (int i = 0; i < 8; i += 2) {
    a[i] = __builtin_shufflevector(x[i], x[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    a[i + 1] = __builtin_shufflevector(x[i], x[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  UNROLLED for (int i = 0; i < 8; i += 4) {
    b[i] = __builtin_shufflevector(a[i], a[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    b[i + 1] = __builtin_shufflevector(a[i], a[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    b[i + 2] = __builtin_shufflevector(a[i + 1], a[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
    b[i + 3] = __builtin_shufflevector(a[i + 1], a[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  UNROLLED for (int i = 0; i < 4; i++) {
    x[i] = __builtin_shufflevector(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    x[i + 4] = __builtin_shufflevector(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}
#else
INLINE void transpose(vector x[4]) {
  const vector a = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5);
  const vector b = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
  const vector c = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5);
  const vector d = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
  x[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  x[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  x[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  x[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}
#endif

// A vector of columns of a panel in turn: where it lies in memory and in the panel.
typedef struct {
  const float *weights;
  float *packed;
  // Columns there are, and the width of the panel.
  long columns, width;
} strip;

// Stores `count` neighbouring weights of each column, from the one of tap `tap` and index `inner` on.
INLINE void pack_run(const ck_packing *p, strip s, const float *from, long count, long panel_index, long inner,
                     long tap) {
  const ck_tap_place *place = p->places + tap;
  for (long first = 0; first < count; first += lanes) {
    const long some = smaller(count - first, lanes);
    vector x[lanes];
    if (some == lanes && s.columns >= lanes) {
      UNROLLED for (int c = 0; c < lanes; c++) x[c] = load(from + first + c * p->column_stride);
    } else {
      for (long c = 0; c < lanes; c++) {
        x[c] = c < s.columns ? load_some(from + first + c * p->column_stride, some) : (vector)0.0f;
      }
    }
    transpose(x);
    for (long i = 0; i < some; i++) {
      store(s.packed + place->place + panel_index * place->stride + (place->index * p->inner + inner) * s.width,
            x[i]);
      place++;
      if (++tap < p->taps) continue;
      place = p->places;
      tap = 0;
      inner++;
    }
  }
}

static void pack_strip(const ck_packing *p, strip s, long panel_index) {
  if (p->taps == 1 && p->column_stride == 1) {
    float *to = s.packed + p->places[0].place + panel_index * p->places[0].stride;
    const float *from = s.weights;
    for (long k = 0; k < p->inner; k++) {
      store(to, s.columns >= lanes ? load(from) : load_some(from, s.columns < 0 ? 0 : s.columns));
      to += s.width;
      from += p->inner_stride;
    }
  } else if (p->inner_stride == p->taps) {
    pack_run(p, s, s.weights, p->inner * p->taps, panel_index, 0, 0);
  } else {
    for (long k = 0; k < p->inner; k++) {
      pack_run(p, s, s.weights + k * p->inner_stride, p->taps, panel_index, k, 0);
    }
  }
}

typedef struct {
  const ck_packing *packing;
  const float *weights;
  float *packed;
} pack_work;

#if BFLOAT16
// Pairs the inner indices of a panel's taps, which lie as floats, in place.
static void pair_panel(const ck_packing *p, long index, long width, float *packed) {
  const long half = (p->inner + 1) / 2;
  for (long tap = 0; tap < p->taps; tap++) {
    const ck_tap_place *group = p->places + tap;
    if (group->index > 0) continue;
    float *const start = packed + group->place + index * group->stride;
    const long taps = group->stride / (2 * half * panel);
    for (long t = 0; t < taps; t++) pair_rows(start + t * p->inner * width, p->inner, width, start + t * half * width);
  }
}
#endif

static void pack_share(void *opaque, int member, int members) {
  const pack_work *work = opaque;
  const ck_packing *p = work->packing;
  const long each = panels_of(p->columns), panels = each * p->groups;
  for (long index = part(panels, member, members); index < part(panels, member + 1, members); index++) {
    const long group = index / each, i = index % each;
    const float *weights = work->weights + group * p->group_stride;
    float *packed = work->packed + group * p->packed_group;
    const long rest = p->columns - i * panel;
    const long width = rest > lanes ? panel : lanes;
    for (long c = 0; c < width; c += lanes) {
      const long column = i * panel + c;
      pack_strip(p, (strip){weights + column * p->column_stride, packed + c, rest - c, width}, i);
    }
#if BFLOAT16
    pair_panel(p, i, width, packed);
#endif
  }
}

static void pack(const ck_packing *packing, const float *weights, float *packed, int members) {
  pack_work work = {packing, weights, packed};
  ck_team_run(pack_share, &work, members);
}

// MARK: Tiles of rows and packed weights

typedef struct {
  // [taps][tallest]: pixels that each row reads from `start` on.
  const float *const *left;
  long start, taps, inner;
  const float *right;
  long right_stride;
  // For each column of the tile, or null.
  const float *bias;
  float slope;
  // Where each row goes.
  float *const *result;
} row_tile;

INLINE void multiply_rows(const int rows, const int vectors, const row_tile *t) {
#pragma clang fp contract(fast)
  vector sums[tallest][2];
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = (vector)0.0f;
  }
  const float *right = t->right;
  const float *const *left = t->left;
  const long start = t->start, inner = t->inner, right_stride = t->right_stride;
  for (long tap = t->taps; tap > 0; tap--) {
    const float *row[tallest];
    UNROLLED for (int r = 0; r < rows; r++) row[r] = left[r] + start + inner;
    for (long k = -inner; k < 0; k++) {
      vector x[2];
      UNROLLED for (int v = 0; v < vectors; v++) x[v] = load(right + v * lanes);
      UNROLLED for (int r = 0; r < rows; r++) {
        const vector y = (vector)row[r][k];
        UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = MULTIPLY_ADD(y, x[v], sums[r][v]);
      }
      right += right_stride;
    }
    left += tallest;
  }
  if (t->bias) {
    UNROLLED for (int v = 0; v < vectors; v++) {
      const vector bias = load(t->bias + v * lanes);
      UNROLLED for (int r = 0; r < rows; r++) sums[r][v] = sums[r][v] + bias;
    }
  }
  if (t->slope != 1) {
    UNROLLED for (int r = 0; r < rows; r++) {
      UNROLLED for (int v = 0; v < vectors; v++) {
        const vector scaled = sums[r][v] * t->slope;
        sums[r][v] = sums[r][v] > 0.0f ? sums[r][v] : scaled;
      }
    }
  }
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) store(t->result[r] + v * lanes, sums[r][v]);
  }
}

typedef void (*row_tile_function)(const row_tile *);

#define EACH_HEIGHT_4(DO, ...) DO(1, __VA_ARGS__) DO(2, __VA_ARGS__) DO(3, __VA_ARGS__) DO(4, __VA_ARGS__)
#define EACH_HEIGHT_6(DO, ...) EACH_HEIGHT_4(DO, __VA_ARGS__) DO(5, __VA_ARGS__) DO(6, __VA_ARGS__)
#define EACH_HEIGHT_8(DO, ...) EACH_HEIGHT_6(DO, __VA_ARGS__) DO(7, __VA_ARGS__) DO(8, __VA_ARGS__)
#define EACH_HEIGHT_12(DO, ...) \
  EACH_HEIGHT_8(DO, __VA_ARGS__) DO(9, __VA_ARGS__) DO(10, __VA_ARGS__) DO(11, __VA_ARGS__) DO(12, __VA_ARGS__)
#define JOINED(a, b) a##b
#define EACH_HEIGHT_OF(tallest) JOINED(EACH_HEIGHT_, tallest)
#define EACH_HEIGHT EACH_HEIGHT_OF(TALLEST)

#define DEFINE_ROWS(rows, vectors) \
  static void rows_##rows##x##vectors(const row_tile *t) { multiply_rows(rows, vectors, t); }
#define NAME_ROWS(rows, vectors) rows_##rows##x##vectors,
EACH_HEIGHT(DEFINE_ROWS, 1)
EACH_HEIGHT(DEFINE_ROWS, 2)
static const row_tile_function row_tiles[2][tallest] = {{EACH_HEIGHT(NAME_ROWS, 1)}, {EACH_HEIGHT(NAME_ROWS, 2)}};

// MARK: Products of rows and packed weights

typedef struct {
  const ck_product *product;
  const float *source, *packed, *bias;
  float *result;
  bool splits_columns;
} product_work;

// A stretch of rows: the block of tiles that starts at each, and what they read and write.
typedef struct {
  long count;
  int heights[prepared];
  const float *left[prepared * tallest];
  float *result[prepared * tallest];
} block_list;

// Finds what `rows` rows from `first` on read and write.
static void locate(const product_work *work, const ck_grid *g, long first, int rows, const float **left,
                   float **result) {
  const long columns = work->product->groups * work->product->columns;
  long x = first % g->width, y = first / g->width % g->height, image = first / g->width / g->height;
  for (int r = 0; r < rows; r++) {
    const float *source = work->source + image * g->source_height * g->source_width * g->source_pixel;
    for (long tap = 0; tap < g->taps; tap++) {
      const long row = y * g->source_step + g->tap_rows[tap];
      const long column = x * g->source_step + g->tap_columns[tap];
      const bool is_inside = row >= 0 && row < g->source_height && column >= 0 && column < g->source_width;
      left[tap * tallest + r] = is_inside ? source + (row * g->source_width + column) * g->source_pixel : ck_zeros;
    }
    const long row = y * g->result_step + g->first_row, column = x * g->result_step + g->first_column;
    result[r] = work->result + ((image * g->result_height + row) * g->result_width + column) * columns;
    if (++x < g->width) continue;
    x = 0;
    if (++y < g->height) continue;
    y = 0;
    image++;
  }
}

static void run_tile(const product_work *work, const ck_grid *g, long panel_index, int rows, const float **left,
                     float **result) {
  const ck_product *p = work->product;
  const long each = panels_of(p->columns), group = panel_index / each, index = panel_index % each;
  const long in_group = index * panel, columns = smaller(p->columns - in_group, panel);
  const long column = group * p->columns + in_group;
  const int vectors = columns > lanes ? 2 : 1;
  float *places[tallest], rest[tallest * panel], bias[panel];
  const bool is_whole = columns == vectors * lanes;
  for (int r = 0; r < rows; r++) places[r] = is_whole ? result[r] + column : rest + r * panel;
  const long stride = p->right_stride ? p->right_stride : vectors * lanes;
  const long packed_place = g->packed_place + index * g->taps * p->inner * panel * elements_in_unit;
  const long place = p->right_stride ? column : group * p->packed_group + packed_place;
  row_tile tile = {left, group * p->inner, g->taps, p->inner, work->packed + place, stride,
                   work->bias ? work->bias + column : NULL, p->slope, places};
  if (!is_whole && tile.bias) {
    memset(bias, 0, sizeof bias);
    memcpy(bias, tile.bias, (size_t)columns * sizeof(float));
    tile.bias = bias;
  }
  row_tiles[vectors - 1][rows - 1](&tile);
  if (is_whole) return;
  for (int r = 0; r < rows; r++) memcpy(result[r] + column, rest + r * panel, (size_t)columns * sizeof(float));
}

static void product_share(void *opaque, int member, int members) {
  const product_work *work = opaque;
  const ck_product *p = work->product;
  const long panels = p->groups * panels_of(p->columns);
  const long first_panel = work->splits_columns ? part(panels, member, members) : 0;
  const long last_panel = work->splits_columns ? part(panels, member + 1, members) : panels;
  block_list list;
  for (size_t i = 0; i < p->grid_count; i++) {
    const ck_grid *g = &p->grids[i];
    const long all = g->images * g->height * g->width;
    const long start = work->splits_columns ? 0 : part(all, member, members);
    const long rows = (work->splits_columns ? all : part(all, member + 1, members)) - start;
    const long blocks = (rows + tallest - 1) / tallest;
    // Taps share pixels: four of them read about what one does.
    const long taps = g->taps < 1 ? 1 : g->taps;
    const long row_bytes = p->groups * p->inner * (long)sizeof(float) * smaller(taps, 4);
    const long fitting = source_bytes / (row_bytes * tallest);
    const long at_once = smaller(prepared / taps, fitting < 1 ? 1 : fitting);
    for (long block = 0; block < blocks; block += at_once) {
      const long count = smaller(at_once, blocks - block);
      for (long b = 0; b < count; b++) {
        const long first = part(rows, block + b, blocks);
        list.heights[b] = (int)(part(rows, block + b + 1, blocks) - first);
        locate(work, g, start + first, list.heights[b], list.left + b * g->taps * tallest,
               list.result + b * tallest);
      }
      for (long index = first_panel; index < last_panel; index++) {
        for (long b = 0; b < count; b++) {
          run_tile(work, g, index, list.heights[b], list.left + b * g->taps * tallest,
                   list.result + b * tallest);
        }
      }
    }
  }
}

// MARK: Products with a vector

// Sixteen sums on every instruction set, so that all give the same bits.
typedef float partial_sums __attribute__((ext_vector_type(16), aligned(4)));

// result[r] = source[r] · weights + bias, a whole row being one tap.
static void vector_share(void *opaque, int member, int members) {
#pragma clang fp contract(fast)
  const product_work *work = opaque;
  const ck_product *p = work->product;
  const long rows = p->grids->images, inner = p->inner, whole = inner - inner % 16;
  for (long r = part(rows, member, members); r < part(rows, member + 1, members); r++) {
    const float *row = work->source + r * p->grids->source_pixel;
    partial_sums sums = (partial_sums)0.0f;
    for (long k = 0; k < whole; k += 16) {
      sums = *(const partial_sums *)(row + k) * *(const partial_sums *)(work->packed + k) + sums;
    }
    for (int half = 8; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) sums[i] += sums[i + half];
    }
    float sum = sums[0];
    for (long k = whole; k < inner; k++) sum = row[k] * work->packed[k] + sum;
    if (work->bias) sum += work->bias[0];
    work->result[r] = sum > 0.0f ? sum : sum * p->slope;
  }
}

static void run_product(const ck_product *product, const float *source, const float *packed,
                        const float *bias, float *result, int members) {
  if (product->columns == 1 && product->right_stride == 1) {
    product_work work = {product, source, packed, bias, result, false};
    ck_team_run(vector_share, &work, members);
    return;
  }
  const ck_grid *g = product->grids;
  const long rows = g->images * g->height * g->width, panels = product->groups * panels_of(product->columns);
  // Each thread reads its share of the larger operand, if that can be split fairly.
  const bool splits_columns = rows < product->groups * product->columns && (panels % members == 0 || panels >= 8 * members);
  product_work work = {product, source, packed, bias, result, splits_columns};
  ck_team_run(product_share, &work, members);
}

// MARK: Gradients of weights

// A step of Adam: every operation is rounded, contraction stays off.
typedef struct {
  const ck_gradient_use *use;
  float step_size, inverse_root;
} adam_step;

// Its numbers in every lane, which stay in registers while it stores others.
typedef struct {
  vector first_decay, first_weight, second_decay, second_weight, epsilon, step_size, inverse_root;
} adam_vectors;

INLINE adam_vectors in_every_lane(const adam_step *f) {
  const ck_adam_factors *adam = &f->use->adam;
  return (adam_vectors){(vector)adam->first_decay,   (vector)adam->first_weight, (vector)adam->second_decay,
                        (vector)adam->second_weight, (vector)adam->epsilon,      (vector)f->step_size,
                        (vector)f->inverse_root};
}

#pragma clang fp contract(off)
INLINE void finish_vector(const ck_gradient_use *u, const adam_vectors *adam, const float *tile, long at) {
  const vector gradient = load(tile);
  const vector first = load(u->first_moment + at) * adam->first_decay + gradient * adam->first_weight;
  const vector second = load(u->second_moment + at) * adam->second_decay + gradient * gradient * adam->second_weight;
  store(u->first_moment + at, first);
  store(u->second_moment + at, second);
  const vector root = __builtin_elementwise_sqrt(second) * adam->inverse_root;
  store(u->destination + at, load(u->destination + at) - first * adam->step_size / (root + adam->epsilon));
}

static void finish_element(const adam_step *f, float gradient, long at) {
  const ck_gradient_use *u = f->use;
  const ck_adam_factors adam = u->adam;
  const float first = u->first_moment[at] * adam.first_decay + gradient * adam.first_weight;
  const float second = u->second_moment[at] * adam.second_decay + gradient * gradient * adam.second_weight;
  u->first_moment[at] = first;
  u->second_moment[at] = second;
  const float root = __builtin_elementwise_sqrt(second) * f->inverse_root;
  u->destination[at] = u->destination[at] - first * f->step_size / (root + adam.epsilon);
}
#pragma clang fp contract(fast)

typedef struct {
  // Element (r, k) of the left operand at lhs[r + k * lhs_stride], a row of the right one at
  // rhs + k * rhs_stride.
  const float *lhs, *rhs;
  long lhs_stride, rhs_stride, inner;
  // Goes on from what is in the tile.
  bool adds;
  float *tile;
} column_tile;

INLINE void multiply_columns(const int rows, const int vectors, const column_tile *t) {
  vector sums[tallest][2];
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = (vector)0.0f;
  }
  if (t->adds) {
    UNROLLED for (int r = 0; r < rows; r++) {
      UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = load(t->tile + r * panel + v * lanes);
    }
  }
  const float *lhs = t->lhs, *rhs = t->rhs;
  const long lhs_stride = t->lhs_stride, rhs_stride = t->rhs_stride;
  for (long k = t->inner; k > 0; k--) {
    vector x[2];
    UNROLLED for (int v = 0; v < vectors; v++) x[v] = load(rhs + v * lanes);
    UNROLLED for (int r = 0; r < rows; r++) {
      const vector y = (vector)lhs[r];
      UNROLLED for (int v = 0; v < vectors; v++) sums[r][v] = MULTIPLY_ADD(y, x[v], sums[r][v]);
    }
    lhs += lhs_stride;
    rhs += rhs_stride;
  }
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) store(t->tile + r * panel + v * lanes, sums[r][v]);
  }
}

typedef void (*column_tile_function)(const column_tile *);
#define DEFINE_COLUMNS(rows, vectors) \
  static void columns_##rows##x##vectors(const column_tile *t) { multiply_columns(rows, vectors, t); }
#define NAME_COLUMNS(rows, vectors) columns_##rows##x##vectors,
EACH_HEIGHT(DEFINE_COLUMNS, 1)
EACH_HEIGHT(DEFINE_COLUMNS, 2)
static const column_tile_function column_tiles[2][tallest] = {{EACH_HEIGHT(NAME_COLUMNS, 1)},
                                                              {EACH_HEIGHT(NAME_COLUMNS, 2)}};

// Rows are summed in order, whatever the share, in double as every sum of ours is.
static void sum_lhs(const ck_gradient *g, const ck_gradient_term *t, long first, long last) {
  long row = first;
  for (; row + lanes <= last; row += lanes) {
    wide_vector sum = (wide_vector)0.0;
    for (long k = 0; k < t->summed_count; k++) {
      sum += __builtin_convertvector(load(t->summed + k * g->rows + row), wide_vector);
    }
    store(t->lhs_sums + row, __builtin_convertvector(sum, vector));
  }
  for (; row < last; row++) {
    double sum = 0;
    for (long k = 0; k < t->summed_count; k++) sum += (double)t->summed[k * g->rows + row];
    t->lhs_sums[row] = (float)sum;
  }
}

// Where a panel of the right operand can be read where it lies, and where it is packed.
typedef struct {
  const float *start;
  long stride;
} panel_place;

typedef struct {
  const ck_gradient *gradient;
  const ck_gradient_use *use;
  char *scratch;
} gradient_work;

static size_t whole_lines(size_t bytes) { return (bytes + 63) / 64 * 64; }

// Each member's: the places of panels, then panels that are packed.
static size_t gradient_bytes(const ck_gradient *g, int members) {
  long inner = 0;
  for (size_t i = 0; i < g->term_count; i++) inner += g->terms[i].inner;
  const size_t places = whole_lines(g->term_count * sizeof(panel_place));
  return (size_t)members * (places + (size_t)(inner * panel) * sizeof(float));
}

static panel_place place_panel(const ck_gradient *g, const ck_gradient_term *t, long column, long columns,
                               long width, float **packed) {
  if (!t->transpose_rhs && columns == width) return (panel_place){t->rhs + column, g->columns};
  const ck_tap_place start = {0, 0, 0};
  const long column_stride = t->transpose_rhs ? t->inner : 1, inner_stride = t->transpose_rhs ? 1 : g->columns;
  // Whatever is packed, it is moved as it lies.
  const ck_packing packing = {columns, t->inner, 1, column_stride, inner_stride, 1, 0, 0, &start, CK_FLOAT32};
  const float *from = t->rhs + column * packing.column_stride;
  for (long c = 0; c < width; c += lanes) {
    pack_strip(&packing, (strip){from + c * packing.column_stride, *packed + c, columns - c, width}, 0);
  }
  const panel_place place = {*packed, width};
  *packed += t->inner * width;
  return place;
}

// The state that a tile's step needs, asked for before the tile is computed: its rows lie far apart.
static void prefetch_state(const ck_gradient_use *use, long at, long stride, int rows, int vectors) {
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) {
      const long vector_at = at + r * stride + v * lanes;
      __builtin_prefetch(use->destination + vector_at, 1);
      __builtin_prefetch(use->first_moment + vector_at, 1);
      __builtin_prefetch(use->second_moment + vector_at, 1);
    }
  }
}

#pragma clang fp contract(off)
// Uses up a tile of the gradient.
static void finish_tile(const ck_gradient_use *use, const float *tile, long at, long stride, int rows,
                        long columns) {
  if (!use->first_moment) {
    for (int r = 0; r < rows; r++) {
      float *to = use->destination + at + r * stride;
      long c = 0;
      for (; c + lanes <= columns; c += lanes) store(to + c, load(tile + r * panel + c));
      for (; c < columns; c++) to[c] = tile[r * panel + c];
    }
    return;
  }
  const adam_step step = {use, *use->step_size, *use->inverse_root};
  const adam_vectors vectors = in_every_lane(&step);
  for (int r = 0; r < rows; r++) {
    const float *gradient = tile + r * panel;
    const long row = at + r * stride;
    long c = 0;
    for (; c + lanes <= columns; c += lanes) finish_vector(use, &vectors, gradient + c, row + c);
    for (; c < columns; c++) finish_element(&step, gradient[c], row + c);
  }
}
#pragma clang fp contract(fast)

static void gradient_share(void *opaque, int member, int members) {
  const gradient_work *work = opaque;
  const ck_gradient *g = work->gradient;
  const long first_row = part(g->rows, member, members), height = part(g->rows, member + 1, members) - first_row;
  if (height <= 0) return;
  for (size_t i = 0; i < g->term_count; i++) {
    if (g->terms[i].lhs_sums) sum_lhs(g, &g->terms[i], first_row, first_row + height);
  }
  char *const memory = work->scratch + member * gradient_bytes(g, 1);
  panel_place *const places = (panel_place *)memory;
  float *const scratch = (float *)(memory + whole_lines(g->term_count * sizeof(panel_place)));
  float tile[tallest * panel] __attribute__((aligned(64)));
  // Divided once: in the loop a division would take as long as several terms of a tile.
  const long blocks = (height + tallest - 1) / tallest, each = height / blocks, taller = height % blocks;
  for (long column = 0; column < g->columns; column += panel) {
    const long columns = smaller(g->columns - column, panel);
    const int vectors = columns > lanes ? 2 : 1;
    float *packed = scratch;
    for (size_t i = 0; i < g->term_count; i++) {
      places[i] = place_panel(g, &g->terms[i], column, columns, vectors * lanes, &packed);
    }
    long row = first_row;
    for (long block = 0; block < blocks; block++) {
      const int rows = (int)(each + (block < taller));
      const long at = row * g->columns + column;
      if (work->use->first_moment) prefetch_state(work->use, at, g->columns, rows, vectors);
      for (size_t i = 0; i < g->term_count; i++) {
        column_tiles[vectors - 1][rows - 1](&(column_tile){
            g->terms[i].lhs + row, places[i].start, g->rows, places[i].stride, g->terms[i].inner, i > 0, tile});
      }
      finish_tile(work->use, tile, at, g->columns, rows, columns);
      row += rows;
    }
  }
}

static void run_gradient(const ck_gradient *gradient, const ck_gradient_use *use, void *scratch, int members) {
  gradient_work work = {gradient, use, scratch};
  ck_team_run(gradient_share, &work, members);
}

// MARK: Gradients of convolutions' weights

enum {
  // Windows whose terms are added before the next panel's: what they read of one panel, and all their
  // filters, stay in the second-level cache.
  chunk = 512,
};

typedef struct {
  const ck_product *product;
  const float *source, *result;
  float *weights, *scratch;
} window_gradient_work;

// Columns of the gradient, [filters, taps * inner], that are computed at once: some of a tap's, or several taps.
typedef struct {
  long first, count;
} column_range;

static long ranges_per_tap(const ck_product *p) { return p->inner >= lanes ? panels_of(p->inner) : 0; }

static long ranges_of(const ck_product *p) {
  const long each = ranges_per_tap(p), taps = p->grids->taps;
  return each ? taps * each : panels_of(taps * p->inner);
}

static column_range range_at(const ck_product *p, long index) {
  const long each = ranges_per_tap(p), taps = p->grids->taps;
  if (!each) return (column_range){index * panel, smaller(panel, taps * p->inner - index * panel)};
  const long first = index % each * panel;
  return (column_range){index / each * p->inner + first, smaller(panel, p->inner - first)};
}

// A row of a window's taps: four, eight or twelve floats where windows are four pixels wide.
INLINE void copy_few(float *to, const float *from, long count) {
  typedef float four __attribute__((ext_vector_type(4), aligned(4)));
  long i = 0;
  for (; i + 4 <= count; i += 4) *(four *)(to + i) = *(const four *)(from + i);
  for (; i < count; i++) to[i] = from[i];
}

// packed[window][column]: what each window in a chunk reads of a group; zeros outside of images and beyond the last
// column.
static void pack_windows(const window_gradient_work *work, long group, column_range range, long first, long count,
                         long width, float *packed) {
  const ck_product *p = work->product;
  const ck_grid *g = p->grids;
  const long first_tap = range.first / p->inner, last_tap = (range.first + range.count - 1) / p->inner;
  const long start = range.first % p->inner;
  const long next_row = 2 * g->source_step * g->source_width * g->source_pixel;
  const bool is_one = first_tap == last_tap && range.count == width;
  long x = first % g->width, y = first / g->width % g->height, image = first / g->width / g->height;
  for (long window = 0; window < count; window++) {
    const float *const source =
        work->source + image * g->source_height * g->source_width * g->source_pixel + group * p->inner;
    if (!is_one) {
      for (long c = 0; c < width; c += lanes) store(packed + c, (vector)0.0f);
    }
    float *to = packed;
    for (long tap = first_tap, from = start; tap <= last_tap; tap++, from = 0) {
      const long row = y * g->source_step + g->tap_rows[tap];
      const long column = x * g->source_step + g->tap_columns[tap];
      const bool is_inside = row >= 0 && row < g->source_height && column >= 0 && column < g->source_width;
      const float *pixel = source + (row * g->source_width + column) * g->source_pixel + from;
      if (is_one) {
        // Two rows of windows on, which the processor does not foresee across skipped pixels.
        __builtin_prefetch(pixel + next_row);
        if (width > lanes) __builtin_prefetch(pixel + next_row + lanes);
        for (long c = 0; c < width; c += lanes) store(packed + c, is_inside ? load(pixel + c) : (vector)0.0f);
      } else {
        const long some = smaller(p->inner - from, range.count - (to - packed));
        if (is_inside) copy_few(to, pixel, some);
        to += some;
      }
    }
    packed += width;
    if (++x < g->width) continue;
    x = 0;
    if (++y < g->height) continue;
    y = 0;
    image++;
  }
}

// Adds a tile to the weights, or stores the first.
static void add_tile(float *weights, long stride, const float *tile, long rows, long columns, bool is_first) {
  for (long r = 0; r < rows; r++) {
    float *to = weights + r * stride;
    const float *from = tile + r * panel;
    long c = 0;
    for (; c + lanes <= columns; c += lanes) store(to + c, is_first ? load(from + c) : load(to + c) + load(from + c));
    for (; c < columns; c++) to[c] = is_first ? from[c] : to[c] + from[c];
  }
}

static void window_gradient_share(void *opaque, int member, int members) {
  const window_gradient_work *work = opaque;
  const ck_product *p = work->product;
  const ck_grid *g = p->grids;
  const long windows = g->images * g->height * g->width, filters = p->columns, all = p->groups * filters;
  const long in_group = ranges_of(p), ranges = p->groups * in_group, blocks = (filters + tallest - 1) / tallest;
  const long each = filters / blocks, taller = filters % blocks;
  // Where one thread's share would be no range or the only one, each packs them all for its filters.
  const bool splits_filters = ranges < 2 * members;
  const long first_range = splits_filters ? 0 : part(ranges, member, members);
  const long last_range = splits_filters ? ranges : part(ranges, member + 1, members);
  const long first_block = splits_filters ? part(blocks, member, members) : 0;
  const long last_block = splits_filters ? part(blocks, member + 1, members) : blocks;
  if (first_block == last_block) return;
  float tile[tallest * panel] __attribute__((aligned(64)));
  float *packed = work->scratch + (long)member * chunk * panel;
  for (long first = 0; first < windows; first += chunk) {
    const long count = smaller(windows - first, chunk);
    for (long i = first_range; i < last_range; i++) {
      const long group = i / in_group;
      const column_range range = range_at(p, i % in_group);
      const int vectors = range.count > lanes ? 2 : 1;
      pack_windows(work, group, range, first, count, vectors * lanes, packed);
#if BFLOAT16
      pair_rows(packed, count, vectors * lanes, packed);
#endif
      long row = group * filters + first_block * each + smaller(first_block, taller);
      for (long block = first_block; block < last_block; block++) {
        const long rows = each + (block < taller);
        column_tiles[vectors - 1][rows - 1](&(column_tile){
            work->result + first / elements_in_unit * all + row, packed, all, vectors * lanes,
            (count + elements_in_unit - 1) / elements_in_unit, false, tile});
        add_tile(work->weights + row * g->taps * p->inner + range.first, g->taps * p->inner, tile, rows,
                 range.count, first == 0);
        row += rows;
      }
    }
  }
}

// MARK: Gradients of grouped convolutions' weights

enum {
  // Taps of windows that read small groups where they lie.
  most_placed_taps = 16,
};

// Where a group has a panel's channels, or half of them, a panel is copied for few filters: it is read where it lies.
static bool reads_in_place(const ck_product *p) {
  return p->groups > 1 && p->grids->taps <= most_placed_taps && (p->inner == lanes || p->inner == panel);
}

typedef struct {
  // Element (r, k) of the left operand at lhs[r + k * lhs_stride], the vectors of the right one at
  // places[v][k] + starts[v].
  const float *lhs;
  const float *const *places[2];
  long starts[2];
  long lhs_stride, inner;
  float *tile;
} placed_tile;

INLINE void multiply_placed(const int rows, const placed_tile *t) {
  vector sums[tallest][2];
  UNROLLED for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = (vector)0.0f;
  const float *lhs = t->lhs;
  const float *const *first = t->places[0], *const *second = t->places[1];
  const long first_start = t->starts[0], second_start = t->starts[1], lhs_stride = t->lhs_stride;
  for (long k = 0; k < t->inner; k++) {
    const vector a = load(first[k] + first_start), b = load(second[k] + second_start);
    UNROLLED for (int r = 0; r < rows; r++) {
      const vector y = (vector)lhs[r];
      sums[r][0] = MULTIPLY_ADD(y, a, sums[r][0]);
      sums[r][1] = MULTIPLY_ADD(y, b, sums[r][1]);
    }
    lhs += lhs_stride;
  }
  UNROLLED for (int r = 0; r < rows; r++) {
    store(t->tile + r * panel, sums[r][0]);
    store(t->tile + r * panel + lanes, sums[r][1]);
  }
}

typedef void (*placed_tile_function)(const placed_tile *);
#define DEFINE_PLACED(rows, unused) \
  static void placed_##rows(const placed_tile *t) { multiply_placed(rows, t); }
#define NAME_PLACED(rows, unused) placed_##rows,
EACH_HEIGHT(DEFINE_PLACED, 0)
static const placed_tile_function placed_tiles[tallest] = {EACH_HEIGHT(NAME_PLACED, 0)};

// places[tap][window]: the pixel that each window in a chunk reads.
static void place_windows(const window_gradient_work *work, long first, long count, const float **places) {
  const ck_grid *g = work->product->grids;
  long x = first % g->width, y = first / g->width % g->height, image = first / g->width / g->height;
  for (long window = 0; window < count; window++) {
    const float *const source = work->source + image * g->source_height * g->source_width * g->source_pixel;
    for (long tap = 0; tap < g->taps; tap++) {
      const long row = y * g->source_step + g->tap_rows[tap];
      const long column = x * g->source_step + g->tap_columns[tap];
      const bool is_inside = row >= 0 && row < g->source_height && column >= 0 && column < g->source_width;
      places[tap * chunk + window] =
          is_inside ? source + (row * g->source_width + column) * g->source_pixel : ck_zeros;
    }
    if (++x < g->width) continue;
    x = 0;
    if (++y < g->height) continue;
    y = 0;
    image++;
  }
}

// A share of the panels, which hold two taps or one, of all groups.
static void placed_gradient_share(void *opaque, int member, int members) {
  const window_gradient_work *work = opaque;
  const ck_product *p = work->product;
  const ck_grid *g = p->grids;
  const long windows = g->images * g->height * g->width, filters = p->columns, all = p->groups * filters;
  const long columns = g->taps * p->inner, in_group = panels_of(columns), panels = p->groups * in_group;
  const long blocks = (filters + tallest - 1) / tallest, each = filters / blocks, taller = filters % blocks;
  const float **places = (const float **)work->scratch + (long)member * most_placed_taps * chunk;
  float tile[tallest * panel] __attribute__((aligned(64)));
  for (long first = 0; first < windows; first += chunk) {
    const long count = smaller(windows - first, chunk);
    place_windows(work, first, count, places);
    for (long i = part(panels, member, members); i < part(panels, member + 1, members); i++) {
      const long group = i / in_group, column = i % in_group * panel;
      const long tap = column / p->inner, last = g->taps - 1, start = group * p->inner;
      const bool is_one_tap = p->inner == panel;
      placed_tile t = {.places = {places + tap * chunk, places + (is_one_tap ? tap : smaller(tap + 1, last)) * chunk},
                       .starts = {start, is_one_tap ? start + lanes : start},
                       .lhs_stride = all,
                       .inner = count,
                       .tile = tile};
      long row = group * filters;
      for (long block = 0; block < blocks; block++) {
        const long rows = each + (block < taller);
        t.lhs = work->result + first * all + row;
        placed_tiles[rows - 1](&t);
        add_tile(work->weights + row * columns + column, columns, tile, rows, smaller(panel, columns - column),
                 first == 0);
        row += rows;
      }
    }
  }
}

typedef struct {
  int64_t filters, channels, taps;
  const float *from;
  float *to;
} transpose_work;

// to[filter, channel, tap] = from[filter, tap, channel].
static void transpose_share(void *opaque, int member, int members) {
  const transpose_work *w = opaque;
  const long size = w->channels * w->taps;
  for (long f = part(w->filters, member, members); f < part(w->filters, member + 1, members); f++) {
    const float *from = w->from + f * size;
    float *to = w->to + f * size;
    for (long c = 0; c < w->channels; c += lanes) {
      const long channels = smaller(lanes, w->channels - c);
      for (long tap = 0; tap < w->taps; tap += lanes) {
        const long taps = smaller(lanes, w->taps - tap);
        if (channels == lanes && taps == lanes) {
          vector x[lanes];
          UNROLLED for (int i = 0; i < lanes; i++) x[i] = load(from + (tap + i) * w->channels + c);
          transpose(x);
          UNROLLED for (int i = 0; i < lanes; i++) store(to + (c + i) * w->taps + tap, x[i]);
        } else {
          for (long i = 0; i < channels; i++) {
            for (long t = 0; t < taps; t++) to[(c + i) * w->taps + tap + t] = from[(tap + t) * w->channels + c + i];
          }
        }
      }
    }
  }
}

// What each member packs, or where it lies.
static size_t packed_window_bytes(const ck_product *p, int members) {
  const size_t each = reads_in_place(p) ? most_placed_taps * sizeof(float *) : panel * sizeof(float);
  return (size_t)members * chunk * each;
}

// The packed windows, then the weights with the channels last.
static size_t window_gradient_bytes(const ck_product *p, int members) {
  return packed_window_bytes(p, members) + (size_t)(p->groups * p->columns * p->grids->taps * p->inner) * sizeof(float);
}

static void run_window_gradient(const ck_product *product, int64_t channels, const float *source,
                                const float *result, float *weights, void *scratch, int members) {
  const long taps = product->grids->taps * product->inner / channels;
  const bool is_transposed = channels > 1 && taps > 1;
  float *arranged = is_transposed ? (float *)((char *)scratch + packed_window_bytes(product, members)) : weights;
  window_gradient_work work = {product, source, result, arranged, scratch};
  ck_team_run(reads_in_place(product) ? placed_gradient_share : window_gradient_share, &work, members);
  if (!is_transposed) return;
  transpose_work rest = {product->groups * product->columns, channels, taps, arranged, weights};
  ck_team_run(transpose_share, &rest, members);
}

const ck_products SUFFIXED(ck_products) = {
    panel, pack, run_product, run_gradient, gradient_bytes, window_gradient_bytes, run_window_gradient,
#if BFLOAT16
    narrow, pair,
#else
    NULL, NULL,
#endif
};
