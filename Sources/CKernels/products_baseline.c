#include <string.h>

#include "products_table.h"
#include "team.h"

#define LANES 4
#if defined(__aarch64__)
// Of 32 registers 16 hold sums, as many as leave room for the operands.
#define TALLEST 12
#else
#define TALLEST 6
#endif
#define SUFFIXED(name) name##_baseline
#include "products_isa.h"
#include "minimal_isa.h"
#include "minimal_3x3_isa.h"
