// The instruction set that kernels use: the processor's best, or less where a variable says so.
#ifndef CKERNELS_INSTRUCTION_SET_H
#define CKERNELS_INSTRUCTION_SET_H

#include <stdbool.h>

/// Families of processors. Those of x86-64 come in order: each has what the ones before it have.
typedef enum {
  /// What every processor of the architecture has.
  CK_ISA_BASELINE,
  /// x86-64-v2, up to SSE4.2.
  CK_ISA_SSE4,
  /// x86-64-v3, with AVX2 and FMA.
  CK_ISA_AVX2,
  /// x86-64-v4, with AVX-512 F, BW, CD, DQ and VL.
  CK_ISA_AVX512,
  /// The vectors of arm64, whose baseline they are.
  CK_ISA_NEON,
} ck_isa;

enum { CK_ISA_COUNT = CK_ISA_NEON + 1 };

/// The instruction set that kernels use: the best of this processor, but none beyond the one that
/// `GAN_MAX_ISA` names. The variable is read once; a value that is refused counts as none.
ck_isa ck_active_isa(void);

/// The best instruction set of this processor.
ck_isa ck_best_isa(void);

/// Whether this processor has an instruction set.
bool ck_isa_supported(ck_isa isa);

/// Whether kernels may multiply in bfloat16: the active set is AVX-512, and the processor has AVX512-BF16.
bool ck_bfloat16_supported(void);

/// What `GAN_MAX_ISA` said when it was read, cut to 63 bytes, if that is not the name of an instruction set
/// that this processor has; else NULL. Empty counts as not set.
const char *ck_refused_isa_limit(void);

/// The name that `GAN_MAX_ISA` takes: `baseline`, `sse4`, `avx2`, `avx512` or `neon`.
const char *ck_isa_name(ck_isa isa);

/// The active instruction set as files name it: `x86-64-v4`, `x86-64-v3`, `x86-64-v2`, `x86-64` or
/// `arm64`.
const char *ck_instruction_set(void);

#endif
