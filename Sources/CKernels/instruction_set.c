#include "instruction_set.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[CK_ISA_COUNT] = {"baseline", "sse4", "avx2", "avx512", "neon"};

ck_isa ck_best_isa(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return CK_ISA_AVX512;
  if (__builtin_cpu_supports("x86-64-v3")) return CK_ISA_AVX2;
  if (__builtin_cpu_supports("x86-64-v2")) return CK_ISA_SSE4;
#elif defined(__aarch64__)
  return CK_ISA_NEON;
#endif
  return CK_ISA_BASELINE;
}

bool ck_isa_supported(ck_isa isa) {
  const ck_isa best = ck_best_isa();
  return isa == best || (best != CK_ISA_NEON && isa < best);
}

bool ck_bfloat16_supported(void) {
#if defined(__x86_64__)
  return ck_active_isa() == CK_ISA_AVX512 && __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

const char *ck_isa_name(ck_isa isa) { return names[isa]; }

static pthread_once_t once = PTHREAD_ONCE_INIT;
static ck_isa active;
static bool is_refused;
static char refused[64];

static void read_limit(void) {
  active = ck_best_isa();
  const char *limit = getenv("GAN_MAX_ISA");
  if (limit == NULL || *limit == 0) return;
  for (int isa = 0; isa < CK_ISA_COUNT; isa++) {
    if (strcmp(limit, names[isa]) != 0 || !ck_isa_supported((ck_isa)isa)) continue;
    active = (ck_isa)isa;
    return;
  }
  is_refused = true;
  strncpy(refused, limit, sizeof refused - 1);
}

ck_isa ck_active_isa(void) {
  pthread_once(&once, read_limit);
  return active;
}

const char *ck_refused_isa_limit(void) {
  pthread_once(&once, read_limit);
  return is_refused ? refused : NULL;
}

const char *ck_instruction_set(void) {
  switch (ck_active_isa()) {
    case CK_ISA_AVX512: return "x86-64-v4";
    case CK_ISA_AVX2: return "x86-64-v3";
    case CK_ISA_SSE4: return "x86-64-v2";
    case CK_ISA_NEON: return "arm64";
    case CK_ISA_BASELINE: break;
  }
#if defined(__x86_64__)
  return "x86-64";
#else
  return "unknown";
#endif
}
