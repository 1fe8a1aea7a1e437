#include <string.h>

#include "products_table.h"
#include "team.h"

#if defined(__x86_64__)

#define LANES 16
#define TALLEST 12
#define SUFFIXED(name) name##_avx512
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#include "products_isa.h"
#include "minimal_isa.h"
#include "minimal_3x3_isa.h"
#pragma clang attribute pop

#endif
