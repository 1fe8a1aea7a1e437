// Every loop, compiled for one instruction set: the files loops_*.c include this once each.
//
// `CK_LOOPS` names the table of them, `CK_LANES` is the floats of a vector, and `CK_TARGET`, where it is
// defined, says what functions are compiled for beyond the architecture's baseline.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "loops.h"
#include "target.h"

#ifdef CK_TARGET
// Without the minimal width clang cuts vectors of 512 bits in half.
#pragma clang attribute push( \
    __attribute__((target(CK_TARGET), min_vector_width(32 * CK_LANES))), apply_to = function)
#endif

// Every operation rounds on its own: a fused multiply-add in one of the sets would change its bits.
#pragma clang fp contract(off)

#include "convert_loops.h"
#include "depthwise_loops.h"
#include "random_loops.h"
#include "reduce_loops.h"
#include "region_loops.h"

#ifdef CK_TARGET
#pragma clang attribute pop
#endif

extern const ck_loops CK_LOOPS;

const ck_loops CK_LOOPS = {
    .program_run = program_run,
    .sum_rows = sum_rows,
    .sum_columns = sum_columns,
    .add_columns = add_columns,
    .sum_axes = sum_axes,
    .random_words = random_words,
    .random_uniforms = random_uniforms,
    .random_normals = random_normals,
    .convert_to_i32 = convert_to_i32,
    .depthwise_pixel = depthwise_pixel,
};
