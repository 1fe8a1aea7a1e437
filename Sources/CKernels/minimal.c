#include "minimal.h"

#include "products_table.h"

const ck_minimal_functions *ck_minimal_for(ck_isa isa) {
  if (!ck_isa_supported(isa)) return NULL;
  switch (isa) {
#if defined(__x86_64__)
    case CK_ISA_AVX512: return &ck_minimal_avx512;
    case CK_ISA_AVX2: return &ck_minimal_avx2;
#endif
    default: return &ck_minimal_baseline;
  }
}

const ck_minimal_functions *ck_minimal_in_bfloat16(void) {
#if defined(__x86_64__)
  if (ck_bfloat16_supported()) return &ck_minimal_bfloat16;
#endif
  return NULL;
}

static const ck_minimal_functions *functions(const ck_minimal *convolution) {
  return convolution->precision == CK_BFLOAT16 ? ck_minimal_in_bfloat16() : ck_minimal_for(ck_active_isa());
}

void ck_minimal_pack(const ck_minimal *convolution, bool is_gradient, const float *weights, float *packed,
                     int members) {
  functions(convolution)->pack(convolution, is_gradient, weights, packed, members);
}

size_t ck_minimal_scratch_bytes(const ck_minimal *convolution, int members) {
  return functions(convolution)->scratch_bytes(convolution, members);
}

void ck_minimal_run(const ck_minimal *convolution, const float *images, const float *packed, const float *bias,
                    float slope, float *windows, void *scratch, int members) {
  functions(convolution)->run(convolution, images, packed, bias, slope, windows, scratch, members);
}

void ck_minimal_image_gradient_run(const ck_minimal *convolution, const float *windows, const float *packed,
                                   float *images, void *scratch, int members) {
  functions(convolution)->image_gradient(convolution, windows, packed, images, scratch, members);
}

size_t ck_minimal_weight_gradient_scratch_bytes(const ck_minimal *convolution) {
  return functions(convolution)->weight_gradient_bytes(convolution);
}

void ck_minimal_weight_gradient_run(const ck_minimal *convolution, const float *images, const float *windows,
                                    float *weights, void *scratch, int members) {
  functions(convolution)->weight_gradient(convolution, images, windows, weights, scratch, members);
}

const ck_minimal_3x3_functions *ck_minimal_3x3_for(ck_isa isa) {
  if (!ck_isa_supported(isa)) return NULL;
  switch (isa) {
#if defined(__x86_64__)
    case CK_ISA_AVX512: return &ck_minimal_3x3_avx512;
    case CK_ISA_AVX2: return &ck_minimal_3x3_avx2;
#endif
    default: return &ck_minimal_3x3_baseline;
  }
}

void ck_minimal_3x3_pack(const ck_minimal_3x3 *convolution, const float *weights, float *packed, int members) {
  ck_minimal_3x3_for(ck_active_isa())->pack(convolution, weights, packed, members);
}

size_t ck_minimal_3x3_scratch_bytes(const ck_minimal_3x3 *convolution, int members) {
  return ck_minimal_3x3_for(ck_active_isa())->scratch_bytes(convolution, members);
}

void ck_minimal_3x3_run(const ck_minimal_3x3 *convolution, const float *images, const float *packed,
                        const float *bias, float slope, float *windows, void *scratch, int members) {
  ck_minimal_3x3_for(ck_active_isa())->run(convolution, images, packed, bias, slope, windows, scratch, members);
}
