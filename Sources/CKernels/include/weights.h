// Weights of convolutions on their way between the layout they are kept in and the one a product
// reads.
#ifndef CKERNELS_WEIGHTS_H
#define CKERNELS_WEIGHTS_H

#include <stdint.h>

/// A layout in which the weight of (filter, channel, tap) is at the sum of its three offsets, in
/// elements; beside weights packed `[filters, channels, taps]`.
typedef struct {
  int64_t filters, channels, taps;
  const int64_t *filter_offsets, *channel_offsets, *tap_offsets;
} ck_weight_layout;

/// Brings packed weights into a layout, a share to each member of the team; what is no weight's
/// place stays as it is.
void ck_weights_arrange(const ck_weight_layout *layout, float *arranged, const float *packed,
                        int members);

/// Brings weights back, a share to each member of the team.
void ck_weights_pack(const ck_weight_layout *layout, float *packed, const float *arranged,
                     int members);

#endif
