#include "loops.h"

// One for each file loops_*.c that this architecture compiles.
#if defined(__x86_64__)
extern const ck_loops ck_loops_sse4, ck_loops_avx2, ck_loops_avx512;
#endif
extern const ck_loops ck_loops_baseline;

const ck_loops *ck_loops_for(ck_isa isa) {
  if (!ck_isa_supported(isa)) return NULL;
  switch (isa) {
#if defined(__x86_64__)
    case CK_ISA_SSE4: return &ck_loops_sse4;
    case CK_ISA_AVX2: return &ck_loops_avx2;
    case CK_ISA_AVX512: return &ck_loops_avx512;
#endif
    // The vectors of arm64 are in its baseline.
    default: return &ck_loops_baseline;
  }
}

const ck_loops *ck_active_loops(void) { return ck_loops_for(ck_active_isa()); }
