// What the shim's parts share of an engine, and how they say why something was refused.
#ifndef CONEDNN_ENGINE_H
#define CONEDNN_ENGINE_H

#include "COneDNN.h"
#include "dialect.h"

struct conednn_engine {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
};

/// Attributes with the scratchpad in the caller's hands and these post-ops.
dnnl_status_t conednn_attributes_create(dnnl_primitive_attr_t *attributes,
                                        const conednn_post_op *post_ops, int post_op_count);

/// Says where a memory is from now on; NULL is allowed. The library takes every address as
/// writable; it writes to results and the scratchpad only.
dnnl_status_t conednn_move(dnnl_memory_t memory, const void *address);

/// Writes "`what`: `status` in words" to `reason`.
void conednn_explain(char *reason, size_t reason_bytes, const char *what, dnnl_status_t status);

#endif
