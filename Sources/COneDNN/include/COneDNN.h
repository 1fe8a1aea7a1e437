// Matrix products by oneDNN, without its types: the same calls over its versions 2 and 3.
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

/// What is applied to each element of a product, in order, before it is stored.
typedef enum {
  /// `max(x, 0) + alpha * min(x, 0)`; `alpha` is the slope below zero.
  CONEDNN_POST_RELU,
  /// The hyperbolic tangent.
  CONEDNN_POST_TANH,
  /// `1 / (1 + exp(-x))`.
  CONEDNN_POST_LOGISTIC,
  /// `x * y`, y a tensor with the shape and layout of `dst`.
  CONEDNN_POST_MULTIPLY,
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
/// `bias` is ignored where there is none. `post_operands` has one entry for each
/// `CONEDNN_POST_MULTIPLY`, in order, and may be NULL where there are none; so may `scratchpad`
/// where it needs 0 bytes. Nothing is read or written before `conednn_matmul_execute`.
int conednn_matmul_bind(conednn_matmul *matmul, const float *lhs, const float *rhs,
                        const float *bias, float *dst, const float *const *post_operands,
                        void *scratchpad);

/// Computes `dst`, complete on return. Returns 0 on success, else the library's status.
int conednn_matmul_execute(conednn_matmul *matmul);

/// Frees a product; NULL is allowed.
void conednn_matmul_destroy(conednn_matmul *matmul);

#endif
