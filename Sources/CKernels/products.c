#include "products.h"

#include <string.h>

#include "products_table.h"
#include "team.h"

const float ck_zeros[CK_WIDEST_PIXEL];

const ck_products *ck_products_for(ck_isa isa) {
  if (!ck_isa_supported(isa)) return NULL;
  switch (isa) {
#if defined(__x86_64__)
    case CK_ISA_AVX512: return &ck_products_avx512;
    case CK_ISA_AVX2: return &ck_products_avx2;
#endif
    default: return &ck_products_baseline;
  }
}

const ck_products *ck_products_in_bfloat16(void) {
#if defined(__x86_64__)
  if (ck_bfloat16_supported()) return &ck_products_bfloat16;
#endif
  return NULL;
}

static const ck_products *products(ck_precision precision) {
  return precision == CK_BFLOAT16 ? ck_products_in_bfloat16() : ck_products_for(ck_active_isa());
}

int64_t ck_panel_columns(void) { return products(CK_FLOAT32)->panel_columns; }

size_t ck_packed_count(int64_t columns, int64_t inner, int64_t taps) {
  const int64_t panel = ck_panel_columns();
  return (size_t)((columns + panel - 1) / panel * panel * inner * taps);
}

void ck_pack(const ck_packing *packing, const float *weights, float *packed, int members) {
  products(packing->precision)->pack(packing, weights, packed, members);
}

void ck_product_run(const ck_product *product, const float *source, const float *packed,
                    const float *bias, float *result, int members) {
  products(product->precision)->run(product, source, packed, bias, result, members);
}

size_t ck_gradient_scratch_bytes(const ck_gradient *gradient, int members) {
  return products(gradient->precision)->gradient_bytes(gradient, members);
}

void ck_gradient_run(const ck_gradient *gradient, const ck_gradient_use *use, void *scratch,
                     int members) {
  products(gradient->precision)->gradient(gradient, use, scratch, members);
}

size_t ck_window_gradient_scratch_bytes(const ck_product *convolution, int members) {
  return products(convolution->precision)->window_gradient_bytes(convolution, members);
}

void ck_window_gradient_run(const ck_product *convolution, int64_t channels, const float *source,
                            const float *result, float *weights, void *scratch, int members) {
  products(convolution->precision)->window_gradient(convolution, channels, source, result, weights, scratch, members);
}

void ck_narrow(const float *from, int64_t rows, int64_t columns, float *to, int members) {
  products(CK_BFLOAT16)->narrow(from, rows, columns, to, members);
}

void ck_pair_rows(const float *from, int64_t rows, int64_t columns, float *to, int members) {
  products(CK_BFLOAT16)->pair_rows(from, rows, columns, to, members);
}

typedef struct {
  const float *images;
  int64_t count, height, width, channels, padding;
  float *padded;
} pad_work;

static void pad_share(void *opaque, int member, int members) {
  const pad_work *w = opaque;
  const int64_t row = w->width * w->channels, side = w->padding * w->channels;
  const int64_t padded_row = row + 2 * side, padded_height = w->height + 2 * w->padding;
  for (int64_t i = w->count * member / members; i < w->count * (member + 1) / members; i++) {
    float *to = w->padded + i * padded_height * padded_row;
    memset(to, 0, (size_t)(padded_height * padded_row) * sizeof(float));
    for (int64_t y = 0; y < w->height; y++) {
      memcpy(to + (y + w->padding) * padded_row + side, w->images + (i * w->height + y) * row,
             (size_t)row * sizeof(float));
    }
  }
}

void ck_pad_images(const float *images, int64_t count, int64_t height, int64_t width, int64_t channels,
                   int64_t padding, float *padded, int members) {
  pad_work work = {images, count, height, width, channels, padding, padded};
  ck_team_run(pad_share, &work, members);
}
