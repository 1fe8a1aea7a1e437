#include "weights.h"

#include <stdbool.h>

#include "target.h"
#include "team.h"

// Weights are moved in squares of this side: so many along an axis, so many taps.
enum { square = 8 };

/// One axis of the packed weights beside the taps.
typedef struct {
  int64_t count, stride;
  const int64_t *offsets;
  /// Neighbours that lie side by side in the layout, a square's side at most.
  int64_t run;
} axis;

typedef struct {
  const ck_weight_layout *layout;
  float *arranged, *packed;
  bool outwards;
} weight_work;

static int64_t run_length(const int64_t *offsets, int64_t count) {
  int64_t run = 1;
  while (run < square && run < count && offsets[run] == offsets[0] + run) run++;
  // A run must be one wherever it begins.
  for (int64_t i = 0; i < count; i++) {
    if (i % run != 0 && offsets[i] != offsets[i - 1] + 1) return 1;
  }
  return run;
}

typedef float octet __attribute__((ext_vector_type(square), aligned(4)));

/// The transpose of an 8 x 8 matrix, in place: three times, rows i and i + 4 are interleaved.
CK_INLINE void transpose(octet x[square]) {
  for (int round = 0; round < 3; round++) {
    octet y[square];
    for (int i = 0; i < square / 2; i++) {
      y[2 * i] = __builtin_shufflevector(x[i], x[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      y[2 * i + 1] = __builtin_shufflevector(x[i], x[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    for (int i = 0; i < square; i++) x[i] = y[i];
  }
}

/// Moves the taps of a run, at most a square's side, `stride` apart in the packed weights.
CK_CLONES static void move_taps(const ck_weight_layout *l, bool outwards, float *packed,
                                int64_t stride, float *arranged, int64_t lanes) {
  int64_t tap = 0;
  for (; lanes == square && tap + square <= l->taps; tap += square) {
    octet x[square];
    if (outwards) {
      for (int i = 0; i < square; i++) x[i] = *(octet *)(arranged + l->tap_offsets[tap + i]);
      transpose(x);
      for (int i = 0; i < square; i++) *(octet *)(packed + i * stride + tap) = x[i];
    } else {
      for (int i = 0; i < square; i++) x[i] = *(octet *)(packed + i * stride + tap);
      transpose(x);
      for (int i = 0; i < square; i++) *(octet *)(arranged + l->tap_offsets[tap + i]) = x[i];
    }
  }
  for (; tap < l->taps; tap++) {
    float *side = arranged + l->tap_offsets[tap];
    for (int64_t lane = 0; lane < lanes; lane++) {
      if (outwards) {
        packed[lane * stride + tap] = side[lane];
      } else {
        side[lane] = packed[lane * stride + tap];
      }
    }
  }
}

static void move_share(void *context, int member, int members) {
  const weight_work *work = context;
  const ck_weight_layout *l = work->layout;
  const axis filters = {l->filters, l->channels * l->taps, l->filter_offsets,
                        run_length(l->filter_offsets, l->filters)};
  const axis channels = {l->channels, l->taps, l->channel_offsets,
                         run_length(l->channel_offsets, l->channels)};
  const bool along_filters = filters.run >= channels.run;
  // Filters come first in any case: their weights lie together.
  const int64_t step = along_filters ? filters.run : 1, other = along_filters ? 1 : channels.run;
  const int64_t steps = (filters.count + step - 1) / step;
  for (int64_t f = steps * member / members * step;
       f < steps * (member + 1) / members * step && f < filters.count; f += step) {
    for (int64_t c = 0; c < channels.count; c += other) {
      const int64_t rest = along_filters ? filters.count - f : channels.count - c;
      const int64_t run = along_filters ? step : other;
      move_taps(l, work->outwards, work->packed + f * filters.stride + c * channels.stride,
                along_filters ? filters.stride : channels.stride,
                work->arranged + filters.offsets[f] + channels.offsets[c],
                run < rest ? run : rest);
    }
  }
}

void ck_weights_arrange(const ck_weight_layout *layout, float *arranged, const float *packed,
                        int members) {
  // Only read on this way.
  weight_work work = {layout, arranged, (float *)packed, false};
  ck_team_run(move_share, &work, members);
}

void ck_weights_pack(const ck_weight_layout *layout, float *packed, const float *arranged,
                     int members) {
  weight_work work = {layout, (float *)arranged, packed, true};
  ck_team_run(move_share, &work, members);
}
