// Sums over the parts of a batch.
#ifndef CK_RANKS_H
#define CK_RANKS_H

#include <stddef.h>

/// `result[i]` becomes `result[i] + addend[i]`.
void ck_add_to(float *result, const float *addend, size_t count);

/// Adds up `parts` vectors of `count` elements that lie one after another, as a balanced binary tree:
/// neighbours first. `parts` is a power of two.
void ck_add_parts(float *result, const float *source, size_t parts, size_t count);

/// Has the calling thread sleep, for about as long.
void ck_sleep(unsigned microseconds);

#endif
