// The loops for every processor of the architecture.
#define CK_LOOPS ck_loops_baseline
#define CK_LANES 4
#include "loop_bodies.h"
