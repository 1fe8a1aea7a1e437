// What the core's files share.
#ifndef CKERNELS_PRODUCTS_TABLE_H
#define CKERNELS_PRODUCTS_TABLE_H

#include "minimal_3x3.h"
#include "products.h"

// What taps outside of an image read.
extern const float ck_zeros[CK_WIDEST_PIXEL];

// One for each file products_*.c that this architecture compiles.
#if defined(__x86_64__)
extern const ck_products ck_products_avx2, ck_products_avx512, ck_products_bfloat16;
extern const ck_minimal_functions ck_minimal_avx2, ck_minimal_avx512, ck_minimal_bfloat16;
extern const ck_minimal_3x3_functions ck_minimal_3x3_avx2, ck_minimal_3x3_avx512;
#endif
extern const ck_products ck_products_baseline;
extern const ck_minimal_functions ck_minimal_baseline;
extern const ck_minimal_3x3_functions ck_minimal_3x3_baseline;

#endif
