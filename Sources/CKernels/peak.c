#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "peak.h"

#include <stdint.h>
#include <time.h>

#include "instruction_set.h"
#include "team.h"

// `a * b + c` becomes one instruction wherever the target has it.
#pragma clang fp contract(fast)

enum { passes_per_chunk = 4096, largest_team = 1024 };

// Defines a loop over `accumulators` vectors that stay in registers: enough of them to hide the
// latency of a multiply-add, few enough not to spill. Their starts differ, or they would be
// recognised as one value and computed once; the sum is returned, or they would not be computed.
#define DEFINE_CHUNK(name, attributes, lanes, accumulators)                                 \
  attributes static double name(float seed) {                                               \
    typedef float vector __attribute__((ext_vector_type(lanes)));                           \
    vector sums[accumulators];                                                              \
    const vector factor = seed * 0.5f, term = seed * 0.25f;                                 \
    for (int i = 0; i < accumulators; i++) sums[i] = seed * (float)(i + 1);                 \
    for (int pass = 0; pass < passes_per_chunk; pass++) {                                   \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < accumulators; i++) {           \
        sums[i] = sums[i] * factor + term;                                                  \
      }                                                                                     \
    }                                                                                       \
    double total = 0;                                                                       \
    for (int i = 0; i < accumulators; i++) total += (double)sums[i][0];                     \
    return total;                                                                           \
  }                                                                                         \
  enum { name##_operations = 2 * passes_per_chunk * lanes * accumulators };

DEFINE_CHUNK(chunk_128, , 4, 12)

#if defined(__x86_64__)
// Without the minimal width clang cuts vectors of 512 bits in half.
DEFINE_CHUNK(chunk_256, __attribute__((target("arch=x86-64-v3"))), 8, 12)
DEFINE_CHUNK(chunk_512, __attribute__((target("arch=x86-64-v4"), min_vector_width(512))), 16, 16)

// The same of pairs of bfloat16, whose products are added to a float.
__attribute__((target("arch=x86-64-v4,avx512bf16"), min_vector_width(512))) static double chunk_pairs(float seed) {
  enum { accumulators = 16 };
  __m512 sums[accumulators];
  const __m512bh x = _mm512_cvtne2ps_pbh(_mm512_set1_ps(seed), _mm512_set1_ps(seed * 0.5f));
  for (int i = 0; i < accumulators; i++) sums[i] = _mm512_set1_ps(seed * (float)(i + 1));
  for (int pass = 0; pass < passes_per_chunk; pass++) {
    _Pragma("clang loop unroll(full)") for (int i = 0; i < accumulators; i++) {
      sums[i] = _mm512_dpbf16_ps(sums[i], x, x);
    }
  }
  double total = 0;
  for (int i = 0; i < accumulators; i++) total += (double)_mm512_cvtss_f32(sums[i]);
  return total;
}
enum { chunk_pairs_operations = 2 * passes_per_chunk * 32 * 16 };
#endif

typedef struct {
  double (*chunk)(float);
  double operations;
} peak_loop;

static peak_loop widest_loop(ck_precision precision) {
#if defined(__x86_64__)
  if (precision == CK_BFLOAT16) return (peak_loop){chunk_pairs, chunk_pairs_operations};
  if (ck_active_isa() == CK_ISA_AVX512) return (peak_loop){chunk_512, chunk_512_operations};
  if (ck_active_isa() == CK_ISA_AVX2) return (peak_loop){chunk_256, chunk_256_operations};
#endif
  return (peak_loop){chunk_128, chunk_128_operations};
}

typedef struct {
  double start, end, operations;
  volatile double total;
} member_record;

typedef struct {
  peak_loop loop;
  double seconds;
  member_record *records;
} peak_window;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void run_member(void *opaque, int member, int members) {
  (void)members;
  const peak_window *window = opaque;
  member_record record = {.start = now()};
  double total = 0;
  do {
    total += window->loop.chunk(1.0f + 1e-3f * (float)member);
    record.operations += window->loop.operations;
    record.end = now();
  } while (record.end - record.start < window->seconds);
  record.total = total;
  window->records[member] = record;
}

double ck_peak_flops_window(int threads, double seconds, ck_precision precision) {
  const int members = threads < 1 ? 1 : threads > largest_team ? largest_team : threads;
  member_record records[members];
  peak_window window = {widest_loop(precision), seconds, records};
  ck_team_run(run_member, &window, members);
  double start = records[0].start, end = records[0].end, operations = 0;
  for (int member = 0; member < members; member++) {
    if (records[member].start < start) start = records[member].start;
    if (records[member].end > end) end = records[member].end;
    operations += records[member].operations;
  }
  return operations / (end - start);
}
