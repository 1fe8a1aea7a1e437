#include "random.h"

#include "loops.h"

void ck_random_words(uint32_t *out, size_t count, uint64_t seed, uint32_t purpose, uint64_t step,
                     uint64_t first_element) {
  ck_active_loops()->random_words(out, count, seed, purpose, step, first_element);
}

void ck_random_uniforms(float *out, size_t count, uint64_t seed, uint32_t purpose, uint64_t step,
                        uint64_t first_element) {
  ck_active_loops()->random_uniforms(out, count, seed, purpose, step, first_element);
}

void ck_random_normals(float *out, size_t count, uint64_t seed, uint32_t purpose, uint64_t step,
                       uint64_t first_element) {
  ck_active_loops()->random_normals(out, count, seed, purpose, step, first_element);
}
