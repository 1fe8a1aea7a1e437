// The loops for processors with AVX-512.
#if defined(__x86_64__)

#define CK_LOOPS ck_loops_avx512
#define CK_TARGET "arch=x86-64-v4"
#define CK_LANES 16
#include "loop_bodies.h"

#endif
