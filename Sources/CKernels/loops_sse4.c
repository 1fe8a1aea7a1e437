// The loops for processors with SSE4.
#if defined(__x86_64__)

#define CK_LOOPS ck_loops_sse4
#define CK_TARGET "arch=x86-64-v2"
#define CK_LANES 4
#include "loop_bodies.h"

#endif
