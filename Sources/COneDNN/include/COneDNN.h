// Matrix products and convolutions by oneDNN, without its types: the same calls over its versions 2 and 3.
//
// Prepare once (create, bind), then execute: executing makes no object and allocates nothing here.
// An engine and what was made with it belong to one thread.
#ifndef CONEDNN_H
#define CONEDNN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The processor, and the order in which work runs on it: as executed, each call to its end.
typedef struct conednn_engine conednn_engine;

/// One prepared product.
typedef struct conednn_matmul conednn_matmul;

/// One prepared convolution, or one of its gradients.
typedef struct conednn_convolution conednn_convolution;

/// What is applied to each element of a result, in order, before it is stored.
typedef enum {
  /// `max(x, 0) + alpha * min(x, 0)`; `alpha` is the slope below zero. Where that is 0, oneDNN
  /// maps NaN to 0.
  CONEDNN_POST_RELU,
} conednn_post_kind;

typedef struct {
  conednn_post_kind kind;
  /// Read where `kind` says so.
  float alpha;
} conednn_post_op;

enum { conednn_post_op_limit = 4 };

/// `dst[rows, columns] = post(op(lhs) op(rhs) + bias)`, packed, row-major float32.
///
/// Extents are at least 1 and below 2^31.
typedef struct {
  int64_t rows, inner, columns;
  /// `lhs` is stored `[rows, inner]`; transposed, `[inner, rows]`.
  bool transpose_lhs;
  /// `rhs` is stored `[inner, columns]`; transposed, `[columns, inner]`.
  bool transpose_rhs;
  /// `bias` is `[columns]`, added to every row.
  bool has_bias;
  int32_t post_op_count;
  conednn_post_op post_ops[conednn_post_op_limit];
} conednn_matmul_descriptor;

/// The version of the library that is loaded, which need not be the one compiled against.
void conednn_version(int *major, int *minor, int *patch);

/// The most instructions of a processor that the library may use.
typedef enum {
  CONEDNN_SSE41,
  CONEDNN_AVX2,
} conednn_instructions;

/// Limits the library in this process, before its first primitive. Returns 0 on success, else the
/// library's status.
int conednn_limit(conednn_instructions most);

/// Returns an engine, or NULL with the reason as text in `reason`, cut at `reason_bytes`.
conednn_engine *conednn_engine_create(char *reason, size_t reason_bytes);

/// Frees an engine after everything made with it; NULL is allowed.
void conednn_engine_destroy(conednn_engine *engine);

/// Prepares a product, or returns NULL with the reason as text in `reason`.
///
/// The threads it may use are those of the caller's team now; set their number before.
conednn_matmul *conednn_matmul_create(conednn_engine *engine,
                                      const conednn_matmul_descriptor *descriptor, char *reason,
                                      size_t reason_bytes);

/// Bytes of scratch memory that `conednn_matmul_bind` wants; may be 0. Align them to 64.
size_t conednn_matmul_scratchpad_bytes(const conednn_matmul *matmul);

/// The library's name for the code it chose, such as `brg:avx512_core`; lives as long as `matmul`.
const char *conednn_matmul_implementation(const conednn_matmul *matmul);

/// Says where the operands are from now on; may be called again. Returns 0 on success.
///
/// `bias` is ignored where there is none; `scratchpad` may be NULL where it needs 0 bytes. Nothing is
/// read or written before `conednn_matmul_execute`.
int conednn_matmul_bind(conednn_matmul *matmul, const float *lhs, const float *rhs,
                        const float *bias, float *dst, void *scratchpad);

/// Computes `dst`, complete on return. Returns 0 on success, else the library's status.
int conednn_matmul_execute(conednn_matmul *matmul);

/// Frees a product; NULL is allowed.
void conednn_matmul_destroy(conednn_matmul *matmul);

/// Which of a convolution's three tensors is computed from the two others.
typedef enum {
  /// Windows from images and weights, with a bias and post-ops if wanted.
  CONEDNN_CONVOLUTION,
  /// The gradient in the images, from windows and weights.
  CONEDNN_INPUT_GRADIENT,
  /// The gradient in the weights, from images and windows.
  CONEDNN_WEIGHT_GRADIENT,
} conednn_convolution_kind;

/// `windows = post(images * weights + bias)`, float32, dilation 1, one group; nothing is flipped.
///
/// Weights are `[filters, channels, window_height, window_width]` in a layout of the library's choice.
/// Extents and the stride are at least 1, all numbers below 2^31.
typedef struct {
  conednn_convolution_kind kind;
  int64_t images, channels, height, width;
  int64_t filters, window_rows, window_columns;
  int64_t window_height, window_width;
  /// The same along both axes, and on all four sides.
  int64_t stride, padding;
  /// Images and windows are packed `[images, height, width, channels]`; else with the channels
  /// before the height.
  bool channels_last;
  /// `bias` is `[filters]`, added to every window; with `CONEDNN_CONVOLUTION` only.
  bool has_bias;
  /// With `CONEDNN_CONVOLUTION` only.
  int32_t post_op_count;
  conednn_post_op post_ops[conednn_post_op_limit];
} conednn_convolution_descriptor;

/// Prepares a convolution, or returns NULL with the reason as text in `reason`.
///
/// The threads it may use are those of the caller's team now; set their number before.
conednn_convolution *conednn_convolution_create(conednn_engine *engine,
                                                const conednn_convolution_descriptor *descriptor,
                                                char *reason, size_t reason_bytes);

/// Bytes of scratch memory that `conednn_convolution_bind` wants; may be 0. Align them to 64.
size_t conednn_convolution_scratch_bytes(const conednn_convolution *convolution);

/// Bytes of the weights in the library's layout, which may have places that no weight has: zeros.
size_t conednn_convolution_weight_bytes(const conednn_convolution *convolution);

/// Where weights lie: one is at the sum of its four indices' offsets, in floats. Writes those of the
/// indices `0 ..< count` along an axis, 0 to 3.
void conednn_convolution_weight_offsets(const conednn_convolution *convolution, int axis,
                                        int64_t count, int64_t *offsets);

/// The library's name for the code it chose, such as `brgconv:avx512_core`; lives as long as
/// `convolution`.
const char *conednn_convolution_implementation(const conednn_convolution *convolution);

/// Says where the tensors are from now on; may be called again. Returns 0 on success.
///
/// The one that is computed is written to. `bias` is ignored where there is none; `scratch` may be
/// NULL where it needs 0 bytes. Nothing is read or written before `conednn_convolution_execute`.
int conednn_convolution_bind(conednn_convolution *convolution, const float *images,
                             const float *windows, const float *weights, const float *bias,
                             void *scratch);

/// Computes the tensor its kind says, complete on return. Returns 0 on success, else the library's
/// status.
int conednn_convolution_execute(conednn_convolution *convolution);

/// Frees a convolution; NULL is allowed.
void conednn_convolution_destroy(conednn_convolution *convolution);

#endif
