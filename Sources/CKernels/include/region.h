// The tile interpreter: a group of elementwise operations as a short program over tiles that stay
// in the first-level cache. One interpreter serves every region of every network.
#ifndef CKERNELS_REGION_H
#define CKERNELS_REGION_H

#include <stddef.h>
#include <stdint.h>

enum {
  /// Elements of a tile: registers of 2 KiB.
  CK_TILE = 512,
  /// Temporary tiles a program may use: 64 KiB of stack.
  CK_MAX_TEMPORARIES = 32,
  /// Registers of any kind a program may use.
  CK_MAX_REGISTERS = 160,
  /// Axes of a view.
  CK_MAX_RANK = 8,
};

/// What an instruction does with registers a, b, c to give register `result`.
typedef enum {
  CK_COPY,
  CK_NEGATE,
  CK_EXP,
  CK_EXPM1,
  CK_LOG,
  CK_SQRT,
  CK_TANH,
  CK_SIGMOID,
  CK_SOFTPLUS,
  /// a where positive, immediate * a elsewhere
  CK_LEAKY_RELU,
  CK_ADD,
  CK_SUBTRACT,
  CK_MULTIPLY,
  CK_DIVIDE,
  CK_MAXIMUM,
  /// Comparisons give 1 or 0.
  CK_GREATER,
  CK_GREATER_OR_EQUAL,
  CK_EQUAL,
  /// a != 0 ? b : c
  CK_SELECT,
  /// a * b + c, rounded after the product as two instructions would
  CK_MULTIPLY_ADD,
  /// Reads memory as float: the view numbered a.
  CK_LOAD_VIEW,
  /// Reads bytes as float, element for element: the byte register a.
  CK_LOAD_BYTES,
  /// Writes a's 0 and 1 to the byte register `result`.
  CK_STORE_BYTES,
  /// Adds the rows of channels of a to the sum numbered `result`.
  CK_ADD_COLUMNS,
} ck_opcode;

typedef struct {
  uint16_t opcode;
  uint16_t result, a, b, c;
  float immediate;
} ck_instruction;

typedef enum {
  /// A tile of scratch memory; `base` is unused, `index` says which.
  CK_TEMPORARY,
  /// float memory, element for element.
  CK_FLOATS,
  /// Byte memory, element for element.
  CK_BYTES,
  /// One float for all elements, read when the program runs.
  CK_SCALAR,
} ck_register_kind;

typedef struct {
  int32_t kind;
  int32_t index;
  void *base;
} ck_register;

/// Memory read in another order than it lies: element (i0, i1, …) is at the sum of ik * stride k.
typedef struct {
  const void *base;
  /// 0: float; 1: bytes.
  int32_t is_bytes;
  int32_t rank;
  /// Extents of the region's shape, outermost first, and the source's strides in elements.
  int64_t extents[CK_MAX_RANK];
  int64_t strides[CK_MAX_RANK];
} ck_view;

/// A sum of what a program computes over everything but the channels: tiles hold whole rows of them.
/// Tiles are taken in chunks, as `ck_sum_columns_by_chunks` does.
typedef struct {
  /// A double for each channel of each chunk.
  double *partials;
  /// A float for each channel.
  float *result;
} ck_channel_sum;

typedef struct {
  const ck_instruction *instructions;
  size_t instruction_count;
  /// The first so many run for the first tile only: what they give is the same for every tile that
  /// begins at a multiple of one, and no later instruction writes over it.
  size_t once_count;
  const ck_register *registers;
  size_t register_count;
  const ck_view *views;
  const ck_channel_sum *sums;
  size_t sum_count;
  /// Of the sums; a multiple of 16 that divides a tile.
  size_t channels;
  /// Elements of a chunk: whole tiles.
  size_t chunk;
} ck_program;

/// Runs a program for its first `count` elements, a share to each member of the team, and joins the
/// chunks of its sums; the shares make no difference to any result.
///
/// Operands of arithmetic are temporaries, float memory or scalars, at most one of two a scalar;
/// results are temporaries or float memory. Result and operand may be the same memory.
void ck_program_run_shared(const ck_program *program, size_t count, int members);

#endif
