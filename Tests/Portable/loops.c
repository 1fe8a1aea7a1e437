// Judges the loops of Sources/CKernels by scalar ones, and prints a digest of what each gives.
//
// For processors that the tests do not run on: Scripts/check-neon runs it in an emulator, and compares the
// digests with those of this machine.
#include <stdio.h>
#include <string.h>

#include "CKernels.h"
#include "vector_math.h"

#pragma clang fp contract(off)

// Two tiles and a rest that fills no vector.
enum { count = 2 * CK_TILE + 37, columns = 48, rows = 23 };

#define SCALAR _Pragma("clang loop vectorize(disable) interleave(disable)")

// The C library's generator differs from system to system.
static int next(void) {
  static uint32_t state = 1;
  state = state * 1664525u + 1013904223u;
  return (int)(state >> 8);
}

static float a[count], b[count], c[count];
static float got[count + 1], expected[count + 1];
static uint8_t bytes[count];
static int failures;

static uint32_t bits_of(float value) { return value != value ? 0x7fc00000u : ck_to_bits(value); }

// FNV-1a of the bits, NaNs as one.
static void judge(const char *name, size_t n) {
  uint64_t digest = 0xcbf29ce484222325u;
  size_t wrong = 0;
  for (size_t i = 0; i < n; i++) {
    if (bits_of(got[i]) != bits_of(expected[i])) {
      if (wrong++ == 0) {
        fprintf(stderr, "%s: element %zu of %a, %a, %a is %a, expected %a\n", name, i, (double)a[i],
                (double)b[i], (double)c[i], (double)got[i], (double)expected[i]);
      }
    }
    digest = (digest ^ bits_of(got[i])) * 0x100000001b3u;
  }
  if (wrong > 0) failures++;
  printf("%s %016llx\n", name, (unsigned long long)digest);
  memset(got, 0x55, sizeof got);
}

static void run(const ck_loops *loops, ck_opcode opcode, int scalars, const ck_view *view) {
  ck_register registers[] = {{CK_FLOATS, 0, a}, {CK_FLOATS, 0, b}, {CK_FLOATS, 0, c},
                             {CK_FLOATS, 0, got}, {CK_BYTES, 0, bytes}};
  for (int i = 0; i < 3; i++) {
    if (scalars >> i & 1) registers[i].kind = CK_SCALAR;
  }
  ck_instruction instruction = {(uint16_t)opcode, 3, 0, 1, 2, 0.2f};
  if (opcode == CK_LOAD_BYTES) instruction.a = 4;
  ck_program program = {.instructions = &instruction, .instruction_count = 1,
                        .registers = registers, .register_count = 5, .views = view};
  loops->program_run(&program, 0, 48);
  loops->program_run(&program, 48, count - 48);
}

#define JUDGE(NAME, OPCODE, SCALARS, EXPRESSION)                                      \
  do {                                                                                \
    SCALAR for (size_t i = 0; i < count; i++) {                                       \
      const float x = a[(SCALARS) & 1 ? 0 : i], y = b[(SCALARS) & 2 ? 0 : i];         \
      const float z = c[(SCALARS) & 4 ? 0 : i];                                       \
      (void)x, (void)y, (void)z;                                                               \
      expected[i] = EXPRESSION;                                                       \
    }                                                                                 \
    run(loops, OPCODE, SCALARS, NULL);                                                \
    judge(NAME, count);                                                               \
  } while (0)

#define JUDGE_BINARY(NAME, OPCODE, EXPRESSION)              \
  JUDGE(NAME, OPCODE, 0, EXPRESSION);                       \
  JUDGE(NAME ", left one float", OPCODE, 1, EXPRESSION);    \
  JUDGE(NAME ", right one float", OPCODE, 2, EXPRESSION)

#define JUDGE_TERNARY(NAME, OPCODE, EXPRESSION)             \
  JUDGE(NAME, OPCODE, 0, EXPRESSION);                       \
  JUDGE(NAME ", second one float", OPCODE, 2, EXPRESSION);  \
  JUDGE(NAME ", third one float", OPCODE, 4, EXPRESSION);   \
  JUDGE(NAME ", both one float", OPCODE, 6, EXPRESSION)

static void judge_instructions(const ck_loops *loops) {
  JUDGE("copy", CK_COPY, 0, x);
  JUDGE("fill", CK_COPY, 1, x);
  JUDGE("negate", CK_NEGATE, 0, -x);
  JUDGE("exp", CK_EXP, 0, ck_exp(x));
  JUDGE("expm1", CK_EXPM1, 0, ck_expm1(x));
  JUDGE("log", CK_LOG, 0, ck_log(x));
  JUDGE("square root", CK_SQRT, 0, __builtin_elementwise_sqrt(x));
  JUDGE("tanh", CK_TANH, 0, ck_tanh(x));
  JUDGE("sigmoid", CK_SIGMOID, 0, ck_sigmoid(x));
  JUDGE("softplus", CK_SOFTPLUS, 0, ck_softplus(x));
  JUDGE("leaky ReLU", CK_LEAKY_RELU, 0, x > 0 ? x : 0.2f * x);
  JUDGE_BINARY("add", CK_ADD, x + y);
  JUDGE_BINARY("subtract", CK_SUBTRACT, x - y);
  JUDGE_BINARY("multiply", CK_MULTIPLY, x *y);
  JUDGE_BINARY("divide", CK_DIVIDE, x / y);
  JUDGE_BINARY("maximum", CK_MAXIMUM, x > y || x != x ? x : y);
  JUDGE_BINARY("greater", CK_GREATER, x > y ? 1.0f : 0.0f);
  JUDGE_BINARY("greater or equal", CK_GREATER_OR_EQUAL, x >= y ? 1.0f : 0.0f);
  JUDGE_BINARY("equal", CK_EQUAL, x == y ? 1.0f : 0.0f);
  JUDGE_TERNARY("select", CK_SELECT, x != 0 ? y : z);
  JUDGE_TERNARY("multiply-add", CK_MULTIPLY_ADD, x *y + z);
  JUDGE("bytes to floats", CK_LOAD_BYTES, 0, (float)bytes[i]);
}

static void judge_views(const ck_loops *loops) {
  // Extents and strides of two axes.
  static const int64_t forms[][4] = {{1, count, 0, 1}, {1, count, 0, 0}, {2, 531, 0, 2},
                                     {354, 3, 1, 354}, {354, 3, 0, 1},   {67, 16, 1, 0},
                                     {67, 16, 0, 1},   {34, 32, 1, 32},  {4, 266, 0, 1}};
  for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
    for (int is_bytes = 0; is_bytes < 2; is_bytes++) {
      const int64_t *f = forms[form];
      const ck_view view = {is_bytes ? (const void *)bytes : a, is_bytes, 2, {f[0], f[1]},
                            {f[2], f[3]}};
      SCALAR for (int64_t i = 0; i < count; i++) {
        const int64_t place = i / f[1] * f[2] + i % f[1] * f[3];
        expected[i] = place >= count ? 0 : is_bytes ? (float)bytes[place] : a[place];
      }
      // Where a view would leave the memory, it is cut.
      const int64_t last = f[0] * f[1] < count ? f[0] * f[1] : count;
      const ck_instruction load = {CK_LOAD_VIEW, 0, 0, 0, 0, 0};
      const ck_register to = {CK_FLOATS, 0, got};
      const ck_program program = {.instructions = &load, .instruction_count = 1,
                                  .registers = &to, .register_count = 1, .views = &view};
      loops->program_run(&program, 0, (size_t)last);
      char name[80];
      snprintf(name, sizeof name, "view %zu of %s", form, is_bytes ? "bytes" : "floats");
      judge(name, (size_t)last);
    }
  }
}

static void judge_sums(const ck_loops *loops) {
  static float source[rows * columns];
  for (int i = 0; i < rows * columns; i++) source[i] = (float)(next() % 20001 - 10000) / 3;
  loops->sum_rows(got, source, rows, columns);
  for (int row = 0; row < rows; row++) {
    double sum = 0;
    SCALAR for (int column = 0; column < columns; column++) sum += source[row * columns + column];
    expected[row] = (float)sum;
  }
  judge("sums of rows", rows);
  for (int column = 0; column < columns; column++) {
    double sum = 0;
    SCALAR for (int row = 0; row < rows; row++) sum += source[row * columns + column];
    expected[column] = (float)sum;
  }
  loops->sum_columns(got, source, rows, columns, 0, columns);
  judge("sums of columns", columns);
  double sums[columns] = {0};
  loops->add_columns(sums, source, rows, columns);
  for (int column = 0; column < columns; column++) got[column] = (float)sums[column];
  judge("sums of columns by chunks", columns);
  const int64_t extent = rows, stride = columns;
  const ck_axes kept = {0, NULL, NULL}, summed = {1, &extent, &stride};
  loops->sum_axes(got, source, &kept, columns, &summed, 0, 1);
  judge("sums over axes", columns);
}

// Their definition is judged elsewhere; here the digest counts.
static void digest_random(const ck_loops *loops) {
  uint32_t words[count];
  loops->random_words(words, count, 5, 6, 7, 3);
  for (int i = 0; i < count; i++) got[i] = expected[i] = (float)(words[i] >> 8);
  judge("random words", count);
  loops->random_uniforms(got, count, 5, 6, 7, 3);
  memcpy(expected, got, sizeof got);
  judge("random uniforms", count);
  loops->random_normals(got, count, 5, 6, 7, 3);
  memcpy(expected, got, sizeof got);
  judge("random normals", count);
}

static void judge_integers(const ck_loops *loops) {
  int32_t integers[count];
  loops->convert_to_i32(integers, a, count);
  SCALAR for (int i = 0; i < count; i++) {
    const float x = a[i];
    expected[i] = (float)(x >= 0x1p31f ? INT32_MAX : x <= -0x1p31f ? INT32_MIN : x == x ? (int32_t)x : 0);
    got[i] = (float)integers[i];
  }
  judge("floats to integers", count);
}

static float value(int place, int turn) {
  static const float special[] = {
      0, -0.0f, 1, -1, 0.5f, -0.5f, 1e-30f, -1e-30f, 1e-41f, -1e-41f, 9, -9, 20, -20, 87.9f, -87.9f,
      100, -104, 800, 1e30f, -1e30f, __builtin_inff(), -__builtin_inff(), __builtin_nanf("")};
  const int kinds = sizeof special / sizeof *special;
  if (place < kinds * kinds) return special[(turn ? place / kinds : place) % kinds];
  return (float)(next() % 200001 - 100000) / (place % 2 ? 1000 : 30000);
}

int main(void) {
  for (int i = 0; i < count; i++) {
    a[i] = value(i, 0);
    b[i] = value(i, 1);
    c[i] = value(i + 5, 0);
    bytes[i] = (uint8_t)(i * 7);
  }
  // One float for all elements: an ordinary one.
  b[0] = 1.25f, c[0] = -0.75f, a[0] = 3.5f;
  const ck_loops *loops = ck_active_loops();
  fprintf(stderr, "instruction set: %s\n", ck_isa_name(ck_active_isa()));
  judge_instructions(loops);
  judge_views(loops);
  judge_sums(loops);
  digest_random(loops);
  judge_integers(loops);
  if (failures > 0) fprintf(stderr, "%d loops differ from scalar ones\n", failures);
  return failures > 0;
}
