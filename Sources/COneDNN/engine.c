#include "engine.h"

#include <stdio.h>
#include <stdlib.h>

static const char *name_of_status(dnnl_status_t status) {
  switch (status) {
    case dnnl_success: return "success";
    case dnnl_out_of_memory: return "out of memory";
    case dnnl_invalid_arguments: return "invalid arguments";
    case dnnl_unimplemented: return "not implemented";
    case dnnl_runtime_error: return "runtime error";
    case dnnl_not_required: return "not required";
    default: return "unknown status";
  }
}

void conednn_explain(char *reason, size_t reason_bytes, const char *what, dnnl_status_t status) {
  if (reason == NULL || reason_bytes == 0) return;
  snprintf(reason, reason_bytes, "oneDNN: %s: %s (status %d)", what, name_of_status(status),
           (int)status);
}

void conednn_version(int *major, int *minor, int *patch) {
  const dnnl_version_t *version = dnnl_version();
  *major = version->major;
  *minor = version->minor;
  *patch = version->patch;
}

int conednn_limit(conednn_instructions most) {
  return (int)dnnl_set_max_cpu_isa(most == CONEDNN_AVX2 ? dnnl_cpu_isa_avx2 : dnnl_cpu_isa_sse41);
}

conednn_engine *conednn_engine_create(char *reason, size_t reason_bytes) {
  conednn_engine *engine = calloc(1, sizeof *engine);
  if (engine == NULL) {
    conednn_explain(reason, reason_bytes, "engine", dnnl_out_of_memory);
    return NULL;
  }
  dnnl_status_t status = dnnl_engine_create(&engine->engine, dnnl_cpu, 0);
  if (status == dnnl_success) {
    status = dnnl_stream_create(&engine->stream, engine->engine, dnnl_stream_in_order);
  }
  if (status != dnnl_success) {
    conednn_explain(reason, reason_bytes, "engine for the processor", status);
    conednn_engine_destroy(engine);
    return NULL;
  }
  return engine;
}

void conednn_engine_destroy(conednn_engine *engine) {
  if (engine == NULL) return;
  if (engine->stream != NULL) dnnl_stream_destroy(engine->stream);
  if (engine->engine != NULL) dnnl_engine_destroy(engine->engine);
  free(engine);
}

static dnnl_status_t append_post_op(dnnl_post_ops_t post_ops, conednn_post_op op) {
  switch (op.kind) {
    case CONEDNN_POST_RELU: return append_eltwise(post_ops, dnnl_eltwise_relu, op.alpha);
    default: return dnnl_invalid_arguments;
  }
}

dnnl_status_t conednn_attributes_create(dnnl_primitive_attr_t *attributes,
                                        const conednn_post_op *post_ops, int post_op_count) {
  dnnl_post_ops_t chain = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  if (status == dnnl_success) status = dnnl_post_ops_create(&chain);
  for (int i = 0; status == dnnl_success && i < post_op_count; i++) {
    status = append_post_op(chain, post_ops[i]);
  }
  // The attributes keep a copy.
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, chain);
  if (chain != NULL) dnnl_post_ops_destroy(chain);
  return status;
}

dnnl_status_t conednn_move(dnnl_memory_t memory, const void *address) {
  return memory == NULL ? dnnl_success : dnnl_memory_set_data_handle(memory, (void *)address);
}
