// The tile interpreter; see loop_bodies.h.
#include "vector_math.h"

// A result may lie where an operand does, element for element, which is no dependency between
// iterations: the pragma says so.
#define CK_EACH                                                                              \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(CK_LANES) interleave_count(2)") \
  for (size_t i = 0; i < n; i++)

#define CK_UNARY(NAME, EXPRESSION)                                                           \
  CK_APART static void NAME(float *d, const float *a, float immediate, size_t n) {          \
    (void)immediate;                                                                         \
    CK_EACH {                                                                                \
      const float x = a[i];                                                                  \
      d[i] = EXPRESSION;                                                                     \
    }                                                                                        \
  }

#define CK_BINARY(NAME, EXPRESSION)                                                          \
  CK_APART static void NAME(float *d, const float *a, const float *b, int scalars,          \
                             size_t n) {                                                     \
    if (scalars == 0) {                                                                      \
      CK_EACH { const float x = a[i], y = b[i]; d[i] = EXPRESSION; }                         \
    } else if (scalars == 1) {                                                               \
      const float x = *a;                                                                    \
      CK_EACH { const float y = b[i]; d[i] = EXPRESSION; }                                   \
    } else {                                                                                 \
      const float y = *b;                                                                    \
      CK_EACH { const float x = a[i]; d[i] = EXPRESSION; }                                   \
    }                                                                                        \
  }

CK_UNARY(tile_copy, x)
CK_UNARY(tile_negate, -x)
CK_UNARY(tile_exp, ck_exp(x))
CK_UNARY(tile_expm1, ck_expm1(x))
CK_UNARY(tile_log, ck_log(x))
CK_UNARY(tile_sqrt, __builtin_elementwise_sqrt(x))
CK_UNARY(tile_tanh, ck_tanh(x))
CK_UNARY(tile_sigmoid, ck_sigmoid(x))
CK_UNARY(tile_softplus, ck_softplus(x))
CK_UNARY(tile_leaky_relu, (x > 0.0f ? x : immediate * x))

CK_BINARY(tile_add, x + y)
CK_BINARY(tile_subtract, x - y)
CK_BINARY(tile_multiply, x * y)
CK_BINARY(tile_divide, x / y)
// NaN wins, on either side.
CK_BINARY(tile_maximum, (x > y || x != x ? x : y))
CK_BINARY(tile_greater, (x > y ? 1.0f : 0.0f))
CK_BINARY(tile_greater_or_equal, (x >= y ? 1.0f : 0.0f))
CK_BINARY(tile_equal, (x == y ? 1.0f : 0.0f))

CK_APART static void tile_select(float *d, const float *m, const float *a, const float *b,
                                 int scalars, size_t n) {
  // Both operands are read before one is chosen: without AVX-512 a load that is not always due would
  // become a branch.
  if (scalars == 0) {
    CK_EACH { const float x = a[i], y = b[i]; d[i] = m[i] != 0.0f ? x : y; }
  } else if (scalars == 1) {
    const float x = *a;
    CK_EACH { const float y = b[i]; d[i] = m[i] != 0.0f ? x : y; }
  } else if (scalars == 2) {
    const float y = *b;
    CK_EACH { const float x = a[i]; d[i] = m[i] != 0.0f ? x : y; }
  } else {
    const float x = *a, y = *b;
    CK_EACH { d[i] = m[i] != 0.0f ? x : y; }
  }
}

CK_APART static void tile_multiply_add(float *d, const float *a, const float *b, const float *c,
                                        int scalars, size_t n) {
  if (scalars == 0) {
    CK_EACH { d[i] = a[i] * b[i] + c[i]; }
  } else if (scalars == 1) {
    const float y = *b;
    CK_EACH { d[i] = a[i] * y + c[i]; }
  } else if (scalars == 2) {
    const float z = *c;
    CK_EACH { d[i] = a[i] * b[i] + z; }
  } else {
    const float y = *b, z = *c;
    CK_EACH { d[i] = a[i] * y + z; }
  }
}

CK_APART static void tile_from_bytes(float *d, const uint8_t *a, size_t n) {
  CK_EACH { d[i] = (float)a[i]; }
}

CK_APART static void tile_to_bytes(uint8_t *d, const float *a, size_t n) {
  CK_EACH { d[i] = a[i] != 0.0f; }
}

CK_APART static void tile_fill(float *d, float x, size_t n) {
  CK_EACH { d[i] = x; }
}

/// Reads `n` elements of a view that lie `stride` apart, from its element at `offset` on.
static void load_run(float *d, const ck_view *view, int64_t offset, int64_t stride, size_t n) {
  if (view->is_bytes) {
    const uint8_t *bytes = (const uint8_t *)view->base + offset;
    if (stride == 1) {
      tile_from_bytes(d, bytes, n);
    } else if (stride == 0) {
      tile_fill(d, (float)*bytes, n);
    } else {
      for (size_t i = 0; i < n; i++) d[i] = (float)bytes[(int64_t)i * stride];
    }
  } else {
    const float *floats = (const float *)view->base + offset;
    if (stride == 1) {
      memcpy(d, floats, n * sizeof *d);
    } else if (stride == 0) {
      tile_fill(d, *floats, n);
    } else {
      for (size_t i = 0; i < n; i++) d[i] = floats[(int64_t)i * stride];
    }
  }
}

typedef float quad __attribute__((ext_vector_type(4), aligned(4)));

/// Repeats `rows` values, each of them `length` times: by fours, of which the last runs over into what the
/// next value fills.
#define CK_REPEAT_EACH(TYPE)                                                                 \
  do {                                                                                       \
    const TYPE *source = (const TYPE *)view->base + offset;                                  \
    const float *end = d + rows * length;                                                    \
    for (size_t row = 0; row < rows; row++) {                                                \
      const float value = (float)source[(int64_t)row * row_stride];                          \
      float *next = d + length;                                                              \
      if (end - next >= 4) {                                                                 \
        for (; d < next; d += 4) *(quad *)d = value;                                         \
        d = next;                                                                            \
      } else {                                                                               \
        while (d < next) *d++ = value;                                                       \
      }                                                                                      \
    }                                                                                        \
  } while (0)

/// Reads rows that are too short for vectors: `length` elements each, `stride` apart.
#define CK_LOAD_SHORT_ROWS(TYPE)                                                             \
  do {                                                                                       \
    const TYPE *source = (const TYPE *)view->base + offset;                                  \
    for (size_t row = 0; row < rows; row++) {                                                \
      _Pragma("clang loop vectorize(disable) unroll(disable)")                               \
      for (size_t i = 0; i < length; i++) *d++ = (float)source[(int64_t)i * stride];         \
      source += row_stride;                                                                  \
    }                                                                                        \
  } while (0)

/// Reads whole rows of a view's innermost axis, from the one that begins at `offset` on.
static void load_rows(float *d, const ck_view *view, int64_t offset, size_t rows) {
  const int inner = view->rank - 1;
  const int64_t stride = view->strides[inner], row_stride = view->strides[inner - 1];
  const size_t length = (size_t)view->extents[inner];
  if (row_stride == 0) {
    // One row again and again: what is there already is copied, twice as much each time.
    load_run(d, view, offset, stride, length);
    for (size_t done = length, all = rows * length; done < all; done *= 2) {
      memcpy(d + done, d, (done < all - done ? done : all - done) * sizeof *d);
    }
  } else if (length >= 2 * CK_LANES) {
    for (size_t row = 0; row < rows; row++) {
      load_run(d + row * length, view, offset + (int64_t)row * row_stride, stride, length);
    }
  } else if (stride == 0 && view->is_bytes) {
    CK_REPEAT_EACH(uint8_t);
  } else if (stride == 0) {
    CK_REPEAT_EACH(float);
  } else if (view->is_bytes) {
    CK_LOAD_SHORT_ROWS(uint8_t);
  } else {
    CK_LOAD_SHORT_ROWS(float);
  }
}

/// Reads `n` elements of a view, from element `first` of the region on: whole rows of the innermost axis
/// together, and what is left of one at either end.
static void load_view(float *d, const ck_view *view, size_t first, size_t n) {
  const int inner = view->rank - 1;
  int64_t index[CK_MAX_RANK];
  int64_t offset = 0;
  size_t rest = first;
  for (int axis = inner; axis >= 0; axis--) {
    index[axis] = (int64_t)(rest % (size_t)view->extents[axis]);
    rest /= (size_t)view->extents[axis];
    offset += index[axis] * view->strides[axis];
  }
  const size_t length = (size_t)view->extents[inner];
  while (n > 0) {
    int axis = inner;
    size_t taken;
    if (inner > 0 && index[inner] == 0 && n >= length) {
      axis = inner - 1;
      size_t rows = (size_t)(view->extents[axis] - index[axis]);
      if (rows > n / length) rows = n / length;
      load_rows(d, view, offset, rows);
      taken = rows * length;
      index[axis] += (int64_t)rows;
      offset += (int64_t)rows * view->strides[axis];
    } else {
      taken = length - (size_t)index[inner];
      if (taken > n) taken = n;
      load_run(d, view, offset, view->strides[inner], taken);
      index[inner] += (int64_t)taken;
      offset += (int64_t)taken * view->strides[inner];
    }
    d += taken;
    n -= taken;
    for (; axis > 0 && index[axis] == view->extents[axis]; axis--) {
      offset += view->strides[axis - 1] - view->extents[axis] * view->strides[axis];
      index[axis] = 0;
      index[axis - 1]++;
    }
  }
}

/// Asks for the memory of the next tile while this one is computed: instruction by instruction the
/// processor sees too short a run of each operand to foresee it.
static void prefetch_tile(const ck_program *program, size_t start, size_t n) {
  for (size_t k = 0; k < program->register_count; k++) {
    const ck_register *known = &program->registers[k];
    if (known->kind != CK_FLOATS && known->kind != CK_BYTES) continue;
    const size_t width = known->kind == CK_FLOATS ? sizeof(float) : 1;
    const char *bytes = (const char *)known->base + start * width;
    for (size_t i = 0; i < n * width; i += 64) __builtin_prefetch(bytes + i);
  }
}

/// Where the channels of a sum are added up, cleared at the beginning of a chunk.
static double *sums_of_chunk(const ck_program *program, size_t sum, size_t start) {
  double *sums = program->sums[sum].partials + start / program->chunk * program->channels;
  if (start % program->chunk == 0) memset(sums, 0, program->channels * sizeof *sums);
  return sums;
}

static void program_run(const ck_program *program, size_t first, size_t count) {
  _Alignas(64) float temporaries[CK_MAX_TEMPORARIES][CK_TILE];
  void *r[CK_MAX_REGISTERS];
  int is_scalar[CK_MAX_REGISTERS];
  for (size_t k = 0; k < program->register_count; k++) {
    const ck_register *known = &program->registers[k];
    r[k] = known->kind == CK_TEMPORARY ? temporaries[known->index] : known->base;
    is_scalar[k] = known->kind == CK_SCALAR;
  }
  for (size_t done = 0; done < count; done += CK_TILE) {
    const size_t n = count - done < CK_TILE ? count - done : CK_TILE;
    const size_t start = first + done;
    if (count - done > n) {
      prefetch_tile(program, start + n, count - done - n < CK_TILE ? count - done - n : CK_TILE);
    }
    for (size_t k = 0; k < program->register_count; k++) {
      const ck_register *known = &program->registers[k];
      if (known->kind == CK_FLOATS) r[k] = (float *)known->base + start;
      if (known->kind == CK_BYTES) r[k] = (uint8_t *)known->base + start;
    }
    for (size_t k = done == 0 ? 0 : program->once_count; k < program->instruction_count; k++) {
      const ck_instruction *in = &program->instructions[k];
      float *d = r[in->result];
      const float *a = r[in->a], *b = r[in->b], *c = r[in->c];
      const int scalars = is_scalar[in->a] | is_scalar[in->b] << 1;
      switch ((ck_opcode)in->opcode) {
        case CK_COPY:
          if (is_scalar[in->a]) tile_fill(d, *a, n); else tile_copy(d, a, 0, n);
          break;
        case CK_NEGATE: tile_negate(d, a, 0, n); break;
        case CK_EXP: tile_exp(d, a, 0, n); break;
        case CK_EXPM1: tile_expm1(d, a, 0, n); break;
        case CK_LOG: tile_log(d, a, 0, n); break;
        case CK_SQRT: tile_sqrt(d, a, 0, n); break;
        case CK_TANH: tile_tanh(d, a, 0, n); break;
        case CK_SIGMOID: tile_sigmoid(d, a, 0, n); break;
        case CK_SOFTPLUS: tile_softplus(d, a, 0, n); break;
        case CK_LEAKY_RELU: tile_leaky_relu(d, a, in->immediate, n); break;
        case CK_ADD: tile_add(d, a, b, scalars, n); break;
        case CK_SUBTRACT: tile_subtract(d, a, b, scalars, n); break;
        case CK_MULTIPLY: tile_multiply(d, a, b, scalars, n); break;
        case CK_DIVIDE: tile_divide(d, a, b, scalars, n); break;
        case CK_MAXIMUM: tile_maximum(d, a, b, scalars, n); break;
        case CK_GREATER: tile_greater(d, a, b, scalars, n); break;
        case CK_GREATER_OR_EQUAL: tile_greater_or_equal(d, a, b, scalars, n); break;
        case CK_EQUAL: tile_equal(d, a, b, scalars, n); break;
        case CK_SELECT:
          tile_select(d, a, b, c, is_scalar[in->b] | is_scalar[in->c] << 1, n);
          break;
        case CK_MULTIPLY_ADD:
          tile_multiply_add(d, a, b, c, is_scalar[in->b] | is_scalar[in->c] << 1, n);
          break;
        case CK_LOAD_VIEW: load_view(d, &program->views[in->a], start, n); break;
        case CK_LOAD_BYTES: tile_from_bytes(d, (const uint8_t *)r[in->a], n); break;
        case CK_STORE_BYTES: tile_to_bytes((uint8_t *)r[in->result], a, n); break;
        case CK_ADD_COLUMNS:
          add_columns(sums_of_chunk(program, in->result, start), a, n / program->channels,
                         program->channels);
          break;
      }
    }
  }
}
