#include <string.h>

#include "products_table.h"
#include "team.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES 16
#define TALLEST 12
#define BFLOAT16 1
#define SUFFIXED(name) name##_bfloat16
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,avx512bf16"), min_vector_width(512))), apply_to = function)
#include "products_isa.h"
#include "minimal_isa.h"
#pragma clang attribute pop

#endif
