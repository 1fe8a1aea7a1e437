// Times every loop of Sources/CKernels for every instruction set of this processor; see loops.py.
//
// Prints a line for each loop, tab-separated: its name, then nanoseconds an element for each set. The data
// are a tile, in the first-level cache: what is timed is the loop.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CKernels.h"

enum { repeats = 32, samples = 15, elements = 16 * CK_TILE };

static float a[elements], b[elements], c[elements], result[elements];
static uint8_t bytes[elements], flags[elements];
static int32_t integers[elements];
static double doubles[CK_TILE];
static uint32_t words[elements];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

typedef struct {
  const ck_loops *loops;
  ck_program program;
  size_t inner, outer;
} job;

typedef void (*body)(job *);

// The least of several samples, each of about 200 microseconds.
static double nanoseconds(body run, job *work, double count) {
  double least = 0;
  int calls = 1;
  for (;;) {
    const double start = now();
    for (int call = 0; call < calls; call++) run(work);
    least = now() - start;
    if (least > 2e5) break;
    calls *= 2;
  }
  for (int sample = 0; sample < samples; sample++) {
    const double start = now();
    for (int call = 0; call < calls; call++) run(work);
    const double taken = now() - start;
    if (taken < least) least = taken;
  }
  return least / calls / count;
}

static void row(const char *name, body run, job work, double count) {
  printf("%s", name);
  for (int isa = 0; isa < CK_ISA_COUNT; isa++) {
    work.loops = ck_loops_for((ck_isa)isa);
    if (work.loops != NULL) printf("\t%.3f", nanoseconds(run, &work, count));
  }
  printf("\n");
}

// MARK: The interpreter

enum { register_a, register_b, register_c, register_result, register_bytes, register_flags, register_count };

static void run_program(job *work) { work->loops->program_run(&work->program, 0, CK_TILE); }

static void instruction(const char *name, ck_opcode opcode, int scalars, int result_register,
                        int operand, const ck_view *view) {
  ck_instruction instructions[repeats];
  for (int i = 0; i < repeats; i++) {
    instructions[i] = (ck_instruction){(uint16_t)opcode, (uint16_t)result_register,
                                       (uint16_t)operand, register_b, register_c, 0.2f};
  }
  ck_register registers[register_count] = {
      {CK_FLOATS, 0, a},      {CK_FLOATS, 0, b},     {CK_FLOATS, 0, c},
      {CK_FLOATS, 0, result}, {CK_BYTES, 0, bytes}, {CK_BYTES, 0, flags},
  };
  for (int i = 0; i < 3; i++) {
    if (scalars >> i & 1) registers[i].kind = CK_SCALAR;
  }
  job work = {.program = {.instructions = instructions,
                          .instruction_count = repeats,
                          .registers = registers,
                          .register_count = register_count,
                          .views = view}};
  row(name, run_program, work, repeats * CK_TILE);
}

static void arithmetic(const char *name, ck_opcode opcode) {
  char text[80];
  instruction(name, opcode, 0, register_result, register_a, NULL);
  snprintf(text, sizeof text, "%s, left operand one float", name);
  instruction(text, opcode, 1, register_result, register_a, NULL);
  snprintf(text, sizeof text, "%s, right operand one float", name);
  instruction(text, opcode, 2, register_result, register_a, NULL);
}

static void choice(const char *name, ck_opcode opcode) {
  char text[80];
  const char *forms[] = {"", ", second operand one float", ", third operand one float",
                         ", both one float"};
  for (int form = 0; form < 4; form++) {
    snprintf(text, sizeof text, "%s%s", name, forms[form]);
    instruction(text, opcode, form << 1, register_result, register_a, NULL);
  }
}

static void view(const char *name, int64_t outer, int64_t inner, int64_t outer_stride,
                 int64_t inner_stride) {
  char text[80];
  for (int is_bytes = 0; is_bytes < 2; is_bytes++) {
    ck_view read = {is_bytes ? (const void *)bytes : a, is_bytes, 2, {outer, inner},
                    {outer_stride, inner_stride}};
    snprintf(text, sizeof text, "view of %s: %s", is_bytes ? "bytes" : "floats", name);
    instruction(text, CK_LOAD_VIEW, 0, register_result, 0, &read);
  }
}

// MARK: Sums and the rest

static void run_sum_rows(job *w) { w->loops->sum_rows(result, a, w->outer, w->inner); }
static void run_sum_columns(job *w) {
  w->loops->sum_columns(result, a, w->outer, w->inner, 0, w->inner);
}
static void run_add_columns(job *w) { w->loops->add_columns(doubles, a, w->outer, w->inner); }
static void run_sum_axes(job *w) {
  const int64_t extents[] = {4, (int64_t)w->outer / 4};
  const int64_t strides[] = {(int64_t)(w->inner * w->outer / 4), (int64_t)w->inner};
  const ck_axes kept = {0, NULL, NULL}, summed = {2, extents, strides};
  w->loops->sum_axes(result, a, &kept, w->inner, &summed, 0, 1);
}
static void run_words(job *w) { w->loops->random_words(words, elements, 1, 2, 3, 0); }
static void run_uniforms(job *w) { w->loops->random_uniforms(result, elements, 1, 2, 3, 0); }
static void run_normals(job *w) { w->loops->random_normals(result, elements, 1, 2, 3, 0); }
static void run_integers(job *w) { w->loops->convert_to_i32(integers, a, elements); }

int main(void) {
  printf("loop");
  for (int isa = 0; isa < CK_ISA_COUNT; isa++) {
    if (ck_loops_for((ck_isa)isa) != NULL) printf("\t%s", ck_isa_name((ck_isa)isa));
  }
  printf("\n");
  // Signs that no predictor knows.
  for (int i = 0; i < elements; i++) {
    a[i] = (float)(rand() % 2001 - 1000) / 300;
    b[i] = (float)(rand() % 2001 - 1000) / 300;
    c[i] = (float)(rand() % 2001 - 1000) / 300;
    bytes[i] = (uint8_t)(rand() >> 4);
  }

  instruction("copy", CK_COPY, 0, register_result, register_a, NULL);
  instruction("fill", CK_COPY, 1, register_result, register_a, NULL);
  instruction("negate", CK_NEGATE, 0, register_result, register_a, NULL);
  instruction("leaky ReLU", CK_LEAKY_RELU, 0, register_result, register_a, NULL);
  arithmetic("add", CK_ADD);
  arithmetic("subtract", CK_SUBTRACT);
  arithmetic("multiply", CK_MULTIPLY);
  arithmetic("maximum", CK_MAXIMUM);
  arithmetic("greater", CK_GREATER);
  arithmetic("greater or equal", CK_GREATER_OR_EQUAL);
  arithmetic("equal", CK_EQUAL);
  choice("multiply-add", CK_MULTIPLY_ADD);
  for (int i = 0; i < elements; i++) c[i] = a[i], a[i] = a[i] > 0 ? 1 : 0;
  choice("select", CK_SELECT);
  for (int i = 0; i < elements; i++) a[i] = c[i];
  arithmetic("divide", CK_DIVIDE);
  instruction("exp", CK_EXP, 0, register_result, register_a, NULL);
  instruction("expm1", CK_EXPM1, 0, register_result, register_a, NULL);
  instruction("tanh", CK_TANH, 0, register_result, register_a, NULL);
  instruction("sigmoid", CK_SIGMOID, 0, register_result, register_a, NULL);
  instruction("softplus", CK_SOFTPLUS, 0, register_result, register_a, NULL);
  for (int i = 0; i < elements; i++) a[i] = b[i] < 0 ? -b[i] : b[i] + 0.01f;
  instruction("log", CK_LOG, 0, register_result, register_a, NULL);
  instruction("square root", CK_SQRT, 0, register_result, register_a, NULL);

  instruction("bytes to floats", CK_LOAD_BYTES, 0, register_result, register_bytes, NULL);
  instruction("floats to bytes", CK_STORE_BYTES, 0, register_flags, register_a, NULL);
  view("in order", 1, elements, 0, 1);
  view("one for all", 1, elements, 0, 0);
  view("rows of 256", elements / 256, 256, 0, 1);
  view("rows of 16", elements / 16, 16, 0, 1);
  view("rows of 3", elements / 3, 3, 0, 1);
  view("each 256 times", elements / 256, 256, 1, 0);
  view("each 16 times", elements / 16, 16, 1, 0);
  view("each 3 times", elements / 3, 3, 1, 0);
  view("every second", 1, elements / 2, 0, 2);
  view("every third", 1, elements / 3, 0, 3);
  view("columns of 16", elements / 16, 16, 1, 16);

  const size_t widths[] = {16, 64, 100, 256};
  char text[80];
  for (int i = 0; i < 4; i++) {
    const size_t width = widths[i];
    const job work = {.inner = width, .outer = CK_TILE * 8 / width};
    const double count = (double)(work.inner * work.outer);
    snprintf(text, sizeof text, "sums of rows of %zu", width);
    row(text, run_sum_rows, work, count);
    snprintf(text, sizeof text, "sums of %zu columns", width);
    row(text, run_sum_columns, work, count);
    snprintf(text, sizeof text, "sums over axes, %zu side by side", width);
    row(text, run_sum_axes, work, count);
    if (width % 16 != 0) continue;
    snprintf(text, sizeof text, "sums of %zu columns, by chunks", width);
    row(text, run_add_columns, work, count);
  }
  const job work = {.inner = 0};
  row("random words", run_words, work, elements);
  row("random uniforms", run_uniforms, work, elements);
  row("random normals", run_normals, work, elements);
  row("floats to integers", run_integers, work, elements);
  return 0;
}
