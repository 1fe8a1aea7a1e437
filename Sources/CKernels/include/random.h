// Philox4x32-10 and what is made of it; docs/randomness.md defines every bit.
#ifndef CKERNELS_RANDOM_H
#define CKERNELS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

// Each function fills `out` with elements `first_element ..< first_element + count` of the tensor
// that (seed, purpose, step) names, so that threads may share one. Elements end at 2^34.

/// Fills `out` with 32-bit words.
void ck_random_words(uint32_t *out, size_t count, uint64_t seed, uint32_t purpose, uint64_t step,
                     uint64_t first_element);

/// Fills `out` with uniforms in [0, 1), multiples of 2^-24.
void ck_random_uniforms(float *out, size_t count, uint64_t seed, uint32_t purpose, uint64_t step,
                        uint64_t first_element);

/// Fills `out` with standard normals, within 1e-6 of Box and Muller's formula on exact reals.
void ck_random_normals(float *out, size_t count, uint64_t seed, uint32_t purpose, uint64_t step,
                       uint64_t first_element);

#endif
