#include "ranks.h"

#include <string.h>
#include <time.h>

// Elements added up at a time, so that what waits for its neighbour stays in the first-level cache.
enum { block = 512 };

void ck_add_to(float *restrict result, const float *restrict addend, size_t count) {
  for (size_t i = 0; i < count; i++) result[i] += addend[i];
}

static void add_block(float *result, const float *source, size_t parts, size_t stride, size_t count) {
  if (parts == 1) {
    memcpy(result, source, count * sizeof *result);
    return;
  }
  float right[block];
  add_block(result, source, parts / 2, stride, count);
  add_block(right, source + parts / 2 * stride, parts / 2, stride, count);
  ck_add_to(result, right, count);
}

void ck_add_parts(float *result, const float *source, size_t parts, size_t count) {
  for (size_t start = 0; start < count; start += block) {
    size_t length = count - start < block ? count - start : block;
    add_block(result + start, source + start, parts, count, length);
  }
}

void ck_sleep(unsigned microseconds) {
  struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000L};
  nanosleep(&time, NULL);
}
