// What the core's files share.
#ifndef CKERNELS_PRODUCTS_TABLE_H
#define CKERNELS_PRODUCTS_TABLE_H

#include "products.h"

// What taps outside of an image read.
extern const float ck_zeros[CK_WIDEST_PIXEL];

// One for each file products_*.c that this architecture compiles.
#if defined(__x86_64__)
extern const ck_products ck_products_avx2, ck_products_avx512;
#endif
extern const ck_products ck_products_baseline;

#endif
