// The loops for processors with AVX2.
#if defined(__x86_64__)

#define CK_LOOPS ck_loops_avx2
#define CK_TARGET "arch=x86-64-v3"
#define CK_LANES 8
#include "loop_bodies.h"

#endif
