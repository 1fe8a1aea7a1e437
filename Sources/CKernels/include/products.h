// Products of float matrices and convolutions of images whose channels lie side by side, on one core of
// micro-kernels that is compiled for each instruction set.
//
// A tile of the result stays in registers while its whole sum is added up, term after term in the order of
// the inner index, each multiply-add rounded once. Neither the number of threads nor the shape of tiles
// changes a bit; nor do instruction sets that have a multiply-add.
#ifndef CKERNELS_PRODUCTS_H
#define CKERNELS_PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instruction_set.h"

/// What products multiply. Sums are float32.
typedef enum {
  CK_FLOAT32,
  /// Pairs of bfloat16, neighbours of the inner index, in the memory of one float: wherever a product in
  /// float32 reads floats, one in bfloat16 reads such pairs, and its inner counts are of pairs. An odd last
  /// element is paired with zero. Only where `ck_bfloat16_supported()`.
  CK_BFLOAT16,
} ck_precision;

// MARK: Packed weights

/// The place of a tap's weights once packed, of its panels, and its index.
typedef struct {
  int64_t place, stride, index;
} ck_tap_place;

/// Weights as they are stored and as products read them. A weight has a column of the product, an inner
/// index and a tap, and is stored at `column * column_stride + inner * inner_stride + tap`.
///
/// Packed, `ck_panel_columns()` columns lie side by side: at `place + panel * stride + (index * inner_count +
/// inner) * width + column in panel`, where a last panel of few columns is half as wide. Places beyond the
/// last column hold zeros. In pairs, `inner` is half as large there and rounded up; strides and places are
/// those of floats with an even `inner`.
///
/// Of several groups each is stored and packed so, at its distance from the one before.
typedef struct {
  int64_t columns, inner, taps;
  int64_t column_stride, inner_stride;
  int64_t groups, group_stride, packed_group;
  /// One for each tap.
  const ck_tap_place *places;
  /// What they are packed as; they are stored as floats.
  ck_precision precision;
} ck_packing;

/// Columns of a panel, two vectors.
int64_t ck_panel_columns(void);

/// Floats that packed weights take.
size_t ck_packed_count(int64_t columns, int64_t inner, int64_t taps);

/// Packs weights, a share of the panels to each member of the team.
void ck_pack(const ck_packing *packing, const float *weights, float *packed, int members);

// MARK: Products of rows and packed weights

/// Rows of a product: the pixels of a grid in each image, whose results are the sums over the taps of a source
/// pixel, `inner` floats, times the tap's packed weights. A matrix has a pixel an image and one tap.
///
/// Grid pixel (y, x) reads source pixel (y * source_step + tap row, x * source_step + tap column), zeros
/// outside, and writes result pixel (y * result_step + first row, x * result_step + first column).
typedef struct {
  int64_t images, height, width;
  /// Pixels, and the floats from one to the next.
  int64_t source_height, source_width, source_pixel;
  int64_t source_step;
  int64_t result_height, result_width, result_step, first_row, first_column;
  int64_t taps;
  const int64_t *tap_rows, *tap_columns;
  /// Where the packed weights of its first tap lie; the others follow, tap after tap within each panel.
  int64_t packed_place;
} ck_grid;

enum {
  /// The largest number of floats in a source pixel, of all groups, where taps may lie outside of an image.
  CK_WIDEST_PIXEL = 8192,
  /// The largest number of taps of a grid.
  CK_MOST_TAPS = 256,
};

/// result = source · weights + bias, and then negative values times `slope`, which is 1 for none.
///
/// Of several groups, group g reads `inner` floats of a pixel from g * inner on, its own weights and bias, and
/// writes `columns` from g * columns on.
typedef struct {
  int64_t inner, columns;
  /// Groups, and the floats from the packed weights of one to the next.
  int64_t groups, packed_group;
  const ck_grid *grids;
  size_t grid_count;
  float slope;
  /// 0 where the weights are packed; else they lie as a matrix [inner, columns] in whole vectors, or as a
  /// vector [inner], and this is the number of columns. A matrix has one grid of one tap, a vector one of
  /// matrices.
  int64_t right_stride;
  ck_precision precision;
} ck_product;

/// Computes a product; `bias`, `[groups * columns]`, may be null. Images, `[images, height, width, groups * inner]`
/// and `[images, height, width, groups * columns]`, lie at any address.
void ck_product_run(const ck_product *product, const float *source, const float *packed,
                    const float *bias, float *result, int members);

// MARK: Gradients of weights

/// Hyperparameters of Adam. A moment becomes `decay * moment + weight * gradient`, the second one
/// of the squared gradient.
typedef struct {
  float first_decay, first_weight;
  float second_decay, second_weight;
  float epsilon;
} ck_adam_factors;

/// A product lhsᵀ · rhs; lhs is [inner, rows] and rhs [inner, columns].
///
/// Both are dense and row-major, at any address; a transposed rhs lies in memory as its transpose does.
typedef struct {
  int64_t inner;
  bool transpose_rhs;
  const float *lhs, *rhs;
  /// `[rows]` or null: the sums of the columns of `summed`, `[summed_count, rows]`, which is the left operand
  /// in floats: a bias's gradient.
  float *lhs_sums;
  const float *summed;
  int64_t summed_count;
} ck_gradient_term;

/// What becomes of a gradient: it is written to `destination`, or, where there are moments, it is the
/// gradient of the parameters there, which make a step of Adam:
/// `p - first * step_size / (sqrt(second) * inverse_root + epsilon)`.
typedef struct {
  float *destination;
  float *first_moment, *second_moment;
  const float *step_size, *inverse_root;
  ck_adam_factors adam;
} ck_gradient_use;

/// The sum of all terms, [rows, columns].
typedef struct {
  int64_t rows, columns;
  const ck_gradient_term *terms;
  size_t term_count;
  ck_precision precision;
} ck_gradient;

/// Bytes of scratch memory for a team of `members`.
size_t ck_gradient_scratch_bytes(const ck_gradient *gradient, int members);

/// Computes the gradient. Adam is rounded after every operation: a step made on the way has the bits of one
/// made afterwards.
void ck_gradient_run(const ck_gradient *gradient, const ck_gradient_use *use, void *scratch,
                     int members);

// MARK: Convolutions

/// Bytes of scratch memory for a team of `members`.
size_t ck_window_gradient_scratch_bytes(const ck_product *convolution, int members);

/// The gradient in the weights of a convolution that `convolution` computes, which has one grid, from the
/// source and the gradient in the result: weights[groups * columns, channels, taps], where all taps together have
/// `channels` a pixel and group. A share of the weights to each member of the team, each weight's terms added in the
/// order of the grid; the number of members changes no bit. In bfloat16 `result` holds pairs of windows, and the
/// source floats.
void ck_window_gradient_run(const ck_product *convolution, int64_t channels, const float *source,
                            const float *result, float *weights, void *scratch, int members);

/// padded[images, height + 2 * padding, (width + 2 * padding) * channels] = images, and zeros around each.
void ck_pad_images(const float *images, int64_t count, int64_t height, int64_t width, int64_t channels,
                   int64_t padding, float *padded, int members);

// MARK: Pairs

/// to[rows][(columns + 1) / 2]: neighbours in each row as pairs of bfloat16, each the nearest one, ties to even;
/// numbers below the smallest normal one become zero.
void ck_narrow(const float *from, int64_t rows, int64_t columns, float *to, int members);

/// to[(rows + 1) / 2][columns]: rows 2 k and 2 k + 1 as pairs.
void ck_pair_rows(const float *from, int64_t rows, int64_t columns, float *to, int members);

// MARK: Instruction sets

/// The core as one instruction set computes it; see the functions above.
typedef struct {
  int64_t panel_columns;
  void (*pack)(const ck_packing *, const float *, float *, int);
  void (*run)(const ck_product *, const float *, const float *, const float *, float *, int);
  void (*gradient)(const ck_gradient *, const ck_gradient_use *, void *, int);
  size_t (*gradient_bytes)(const ck_gradient *, int);
  size_t (*window_gradient_bytes)(const ck_product *, int);
  void (*window_gradient)(const ck_product *, int64_t, const float *, const float *, float *, void *, int);
  /// Null in float32.
  void (*narrow)(const float *, int64_t, int64_t, float *, int);
  void (*pair_rows)(const float *, int64_t, int64_t, float *, int);
} ck_products;

/// The core for an instruction set, which for SSE4 is the baseline's; NULL where this processor has not got it.
const ck_products *ck_products_for(ck_isa isa);

/// The core that multiplies bfloat16; NULL where it is not supported.
const ck_products *ck_products_in_bfloat16(void);

#endif
