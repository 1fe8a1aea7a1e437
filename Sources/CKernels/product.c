#include "product.h"

#include "team.h"

#if defined(__x86_64__)

#include "tile.h"

// MARK: Packing a panel of the right operand: packed[k][column], zeros beyond the last column

WIDE static void pack(const float *rhs, long stride, long inner, long columns, int vectors,
                      float *packed) {
  const __mmask16 first = first_lanes(columns), second = first_lanes(columns - lanes);
  for (long k = 0; k < inner; k++) {
    store(packed, load_some(rhs, first));
    if (vectors == 2) store(packed + lanes, load_some(rhs + lanes, second));
    packed += vectors * lanes;
    rhs += stride;
  }
}

typedef float half_vector __attribute__((ext_vector_type(lanes / 2), aligned(4)));

// Eight values of two rows, side by side.
WIDE_INLINE vector load_halves(const float *low, const float *high) {
  return __builtin_shufflevector(*(const half_vector *)low, *(const half_vector *)high, 0, 1, 2, 3,
                                 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

// Two 8 x 8 matrices side by side, in place: three times, rows i and i + 4 are interleaved.
WIDE_INLINE void transpose(vector x[8]) {
  UNROLLED for (int round = 0; round < 3; round++) {
    vector y[8];
    UNROLLED for (int i = 0; i < 4; i++) {
      y[2 * i] = __builtin_shufflevector(x[i], x[i + 4], 0, 16, 1, 17, 2, 18, 3, 19, 8, 24, 9, 25,
                                         10, 26, 11, 27);
      y[2 * i + 1] = __builtin_shufflevector(x[i], x[i + 4], 4, 20, 5, 21, 6, 22, 7, 23, 12, 28,
                                             13, 29, 14, 30, 15, 31);
    }
    UNROLLED for (int i = 0; i < 8; i++) x[i] = y[i];
  }
}

// Here a column of the panel is a row in memory.
WIDE static void pack_transposed(const float *rhs, long columns, long inner, int vectors,
                                 float *packed) {
  const long step = vectors * lanes;
  for (int v = 0; v < vectors; v++) {
    const float *rows = rhs + v * lanes * inner;
    const long height = columns - v * lanes < lanes ? columns - v * lanes : lanes;
    float *destination = packed + v * lanes;
    long k = 0;
    for (; height == lanes && k + 8 <= inner; k += 8) {
      vector x[8];
      UNROLLED for (int i = 0; i < 8; i++) {
        x[i] = load_halves(rows + i * inner + k, rows + (i + 8) * inner + k);
      }
      transpose(x);
      UNROLLED for (int i = 0; i < 8; i++) store(destination + (k + i) * step, x[i]);
    }
    for (; k < inner; k++) {
      for (long c = 0; c < lanes; c++) {
        destination[k * step + c] = c < height ? rows[c * inner + k] : 0.0f;
      }
    }
  }
}

// MARK: Finishing a tile: each operation is rounded, contraction stays off

#pragma clang fp contract(off)

// Uses up the vector `sum` of the product at `at` of the result.
WIDE_INLINE void finish_vector(const ck_product_epilogue epilogue, const ck_product *p,
                               const ck_product_destination *d, vector sum, __mmask16 mask, long at) {
  if (epilogue == CK_PRODUCT_PLAIN) {
    store_some(d->dst + at, mask, sum);
    return;
  }
  const ck_adam_factors adam = p->adam;
  const vector first =
      load_some(d->first_moment + at, mask) * adam.first_decay + sum * adam.first_weight;
  const vector second =
      load_some(d->second_moment + at, mask) * adam.second_decay + sum * sum * adam.second_weight;
  store_some(d->first_moment + at, mask, first);
  store_some(d->second_moment + at, mask, second);
  const vector root = __builtin_elementwise_sqrt(second) * *d->inverse_root;
  const vector step = first * *d->step_size / (root + adam.epsilon);
  store_some(d->dst + at, mask, load_some(d->dst + at, mask) - step);
}

WIDE_INLINE void finish_rows(const ck_product_epilogue epilogue, const ck_product *p,
                             const ck_product_destination *d, const float *tile, long rows,
                             long columns, long at) {
  for (long c = 0; c < columns; c += lanes) {
    const __mmask16 mask = first_lanes(columns - c);
    for (long r = 0; r < rows; r++) {
      finish_vector(epilogue, p, d, load(tile + r * panel + c), mask, at + r * p->columns + c);
    }
  }
}

WIDE static void finish(const ck_product *p, const ck_product_destination *d, const float *tile,
                        long row, long rows, long column, long columns) {
  const long at = row * p->columns + column;
  switch (p->epilogue) {
    case CK_PRODUCT_PLAIN: finish_rows(CK_PRODUCT_PLAIN, p, d, tile, rows, columns, at); return;
    case CK_PRODUCT_ADAM: finish_rows(CK_PRODUCT_ADAM, p, d, tile, rows, columns, at); return;
  }
}

// MARK: A member's share

typedef struct {
  const ck_product *product;
  const ck_product_destination *destination;
  float *scratch;
} product_work;

// Rows of the result.
typedef struct {
  long first_row, last_row;
} share;

static long part(long count, long member, long members) { return count * member / members; }

static long vectors_of(long columns) { return (columns + lanes - 1) / lanes; }

// Split by rows, as the parameters are: both of Adam's moments stay with one core.
static share share_of(const ck_product *p, int member, int members) {
  return (share){part(p->rows, member, members), part(p->rows, member + 1, members)};
}

// Rows are summed in order, whatever the share, in double as every sum of ours is.
WIDE static void sum_lhs(const ck_product *p, const ck_product_term *t, const share *s) {
  for (long row = s->first_row; row < s->last_row; row += lanes) {
    const __mmask16 mask = first_lanes(s->last_row - row);
    __m512d low = _mm512_setzero_pd(), high = _mm512_setzero_pd();
    for (long k = 0; k < t->inner; k++) {
      const __m512 x = (__m512)load_some(t->lhs + k * p->rows + row, mask);
      low += _mm512_cvtps_pd(_mm512_castps512_ps256(x));
      high += _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1));
    }
    const __m512 sums = _mm512_insertf32x8(
        _mm512_castps256_ps512(_mm512_cvtpd_ps(low)), _mm512_cvtpd_ps(high), 1);
    store_some(t->lhs_sums + row, mask, (vector)sums);
  }
}

WIDE static void pack_term(const ck_product *p, const ck_product_term *t, long column,
                           long columns, int vectors, float *packed) {
  if (t->transpose_rhs) {
    pack_transposed(t->rhs + column * t->inner, columns, t->inner, vectors, packed);
  } else {
    pack(t->rhs + column, p->columns, t->inner, columns, vectors, packed);
  }
}

static long inner_of(const ck_product *p) {
  long inner = 0;
  for (size_t i = 0; i < p->term_count; i++) inner += p->terms[i].inner;
  return inner;
}

WIDE static void run_member(void *opaque, int member, int members) {
  const product_work *work = opaque;
  const ck_product *p = work->product;
  const share s = share_of(p, member, members);
  const long height = s.last_row - s.first_row;
  if (height <= 0) return;
  const ck_product_term *const end = p->terms + p->term_count;
  for (const ck_product_term *t = p->terms; t < end; t++) {
    if (t->lhs_sums) sum_lhs(p, t, &s);
  }

  float tile[tallest * panel] __attribute__((aligned(64)));
  float *packed = work->scratch + member * inner_of(p) * panel;
  const long blocks = (height + tallest - 1) / tallest;
  for (long column = 0; column < p->columns; column += panel) {
    const long rest = p->columns - column, columns = rest < panel ? rest : panel;
    const int vectors = (int)vectors_of(columns);
    float *free = packed;
    for (const ck_product_term *t = p->terms; t < end; t++) {
      pack_term(p, t, column, columns, vectors, free);
      free += t->inner * vectors * lanes;
    }
    for (long block = 0; block < blocks; block++) {
      const long row = s.first_row + part(height, block, blocks);
      const long rows = s.first_row + part(height, block + 1, blocks) - row;
      const float *right = packed;
      for (const ck_product_term *t = p->terms; t < end; t++) {
        tile_products[vectors - 1][rows - 1](t->lhs + row, p->rows, right, t->inner,
                                             t > p->terms, tile);
        right += t->inner * vectors * lanes;
      }
      finish(p, work->destination, tile, row, rows, column, columns);
    }
  }
}

bool ck_product_supported(void) { return __builtin_cpu_supports("x86-64-v4"); }

static size_t packed_floats(const ck_product *p) { return (size_t)inner_of(p) * panel; }

size_t ck_product_scratch_bytes(const ck_product *product, int members) {
  return packed_floats(product) * (size_t)members * sizeof(float);
}

void ck_product_run(const ck_product *product, const ck_product_destination *destination,
                    void *scratch, int members) {
  product_work work = {product, destination, scratch};
  ck_team_run(run_member, &work, members);
}

#else

bool ck_product_supported(void) { return false; }

size_t ck_product_scratch_bytes(const ck_product *product, int members) {
  (void)product;
  (void)members;
  return 0;
}

void ck_product_run(const ck_product *product, const ck_product_destination *destination,
                    void *scratch, int members) {
  (void)product;
  (void)destination;
  (void)scratch;
  (void)members;
}

#endif
