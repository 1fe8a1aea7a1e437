#include <stdio.h>
#include <stdlib.h>

#include "engine.h"

// The arguments of an execution: four operands and a scratchpad.
enum { argument_limit = 5 };

struct conednn_matmul {
  conednn_engine *engine;
  dnnl_primitive_t primitive;
  const char *implementation;
  size_t scratchpad_bytes;
  // Filled at creation; binding only changes addresses inside the memories.
  int argument_count;
  dnnl_exec_arg_t arguments[argument_limit];
  dnnl_memory_t lhs, rhs, bias, dst, scratchpad;
};

// What creation needs and a prepared product does not.
typedef struct {
  dnnl_memory_desc_t lhs, rhs, bias, dst;
  bool has_lhs, has_rhs, has_bias, has_dst;
  dnnl_primitive_attr_t attributes;
  dnnl_primitive_desc_t description;
} preparation;

static void finish_preparation(preparation *p) {
  if (p->description != NULL) dnnl_primitive_desc_destroy(p->description);
  if (p->attributes != NULL) dnnl_primitive_attr_destroy(p->attributes);
  if (p->has_dst) destroy_layout(&p->dst);
  if (p->has_bias) destroy_layout(&p->bias);
  if (p->has_rhs) destroy_layout(&p->rhs);
  if (p->has_lhs) destroy_layout(&p->lhs);
}

// A matrix with an extent of 1 lies in memory as its transpose does, and by strides alone the two
// cannot be told apart. It is always described as row-major, so that nothing depends on how a
// version of the library takes the stride of an extent of 1.
static dnnl_status_t create_matrix(dnnl_memory_desc_t *layout, int64_t rows, int64_t columns,
                                   bool transposed) {
  const dnnl_dims_t extents = {rows, columns};
  const bool column_major = transposed && rows > 1 && columns > 1;
  const dnnl_dims_t strides = {column_major ? 1 : columns, column_major ? rows : 1};
  return create_layout(layout, 2, extents, strides);
}

static dnnl_status_t describe_operands(preparation *p, const conednn_matmul_descriptor *d) {
  dnnl_status_t status = create_matrix(&p->lhs, d->rows, d->inner, d->transpose_lhs);
  if (status != dnnl_success) return status;
  p->has_lhs = true;
  status = create_matrix(&p->rhs, d->inner, d->columns, d->transpose_rhs);
  if (status != dnnl_success) return status;
  p->has_rhs = true;
  status = create_matrix(&p->dst, d->rows, d->columns, false);
  if (status != dnnl_success) return status;
  p->has_dst = true;
  if (!d->has_bias) return dnnl_success;
  status = create_matrix(&p->bias, 1, d->columns, false);
  p->has_bias = status == dnnl_success;
  return status;
}

static dnnl_status_t describe(preparation *p, const conednn_engine *engine,
                              const conednn_matmul_descriptor *d) {
  dnnl_status_t status = describe_operands(p, d);
  if (status != dnnl_success) return status;
  status = conednn_attributes_create(&p->attributes, d->post_ops, d->post_op_count);
  if (status != dnnl_success) return status;
  return describe_matmul(&p->description, engine->engine, borrow_layout(&p->lhs),
                         borrow_layout(&p->rhs), d->has_bias ? borrow_layout(&p->bias) : NULL,
                         borrow_layout(&p->dst), p->attributes);
}

static dnnl_status_t add_argument(conednn_matmul *matmul, dnnl_memory_t *memory,
                                  borrowed_layout layout, int role) {
  const dnnl_status_t status =
      dnnl_memory_create(memory, layout, matmul->engine->engine, DNNL_MEMORY_NONE);
  if (status != dnnl_success) return status;
  matmul->arguments[matmul->argument_count++] = (dnnl_exec_arg_t){role, *memory};
  return dnnl_success;
}

static dnnl_status_t add_arguments(conednn_matmul *m, const preparation *p,
                                   const conednn_matmul_descriptor *d) {
  dnnl_status_t status = add_argument(m, &m->lhs, borrow_layout(&p->lhs), DNNL_ARG_SRC);
  if (status != dnnl_success) return status;
  status = add_argument(m, &m->rhs, borrow_layout(&p->rhs), DNNL_ARG_WEIGHTS);
  if (status != dnnl_success) return status;
  status = add_argument(m, &m->dst, borrow_layout(&p->dst), DNNL_ARG_DST);
  if (status != dnnl_success) return status;
  if (d->has_bias) {
    status = add_argument(m, &m->bias, borrow_layout(&p->bias), DNNL_ARG_BIAS);
    if (status != dnnl_success) return status;
  }
  const borrowed_layout scratchpad =
      dnnl_primitive_desc_query_md(p->description, dnnl_query_scratchpad_md, 0);
  m->scratchpad_bytes = dnnl_memory_desc_get_size(scratchpad);
  if (m->scratchpad_bytes == 0) return dnnl_success;
  return add_argument(m, &m->scratchpad, scratchpad, DNNL_ARG_SCRATCHPAD);
}

static dnnl_status_t prepare(conednn_matmul *m, preparation *p,
                             const conednn_matmul_descriptor *d) {
  dnnl_status_t status = describe(p, m->engine, d);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_create(&m->primitive, p->description);
  if (status != dnnl_success) return status;
  // The primitive's own description outlives the one it was made from.
  const_dnnl_primitive_desc_t description;
  status = dnnl_primitive_get_primitive_desc(m->primitive, &description);
  if (status != dnnl_success) return status;
  status =
      dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &m->implementation);
  if (status != dnnl_success) return status;
  return add_arguments(m, p, d);
}

static bool is_extent(int64_t extent) { return extent >= 1 && extent <= INT32_MAX; }

conednn_matmul *conednn_matmul_create(conednn_engine *engine, const conednn_matmul_descriptor *d,
                                      char *reason, size_t reason_bytes) {
  char what[160];
  snprintf(what, sizeof what, "product of %s[%lld, %lld] and %s[%lld, %lld], %d post-ops",
           d->transpose_lhs ? "transposed " : "", (long long)d->rows, (long long)d->inner,
           d->transpose_rhs ? "transposed " : "", (long long)d->inner, (long long)d->columns,
           (int)d->post_op_count);
  if (!is_extent(d->rows) || !is_extent(d->inner) || !is_extent(d->columns) ||
      d->post_op_count < 0 || d->post_op_count > conednn_post_op_limit) {
    conednn_explain(reason, reason_bytes, what, dnnl_invalid_arguments);
    return NULL;
  }
  conednn_matmul *matmul = calloc(1, sizeof *matmul);
  if (matmul == NULL) {
    conednn_explain(reason, reason_bytes, what, dnnl_out_of_memory);
    return NULL;
  }
  matmul->engine = engine;
  preparation prepared = {.has_lhs = false};
  const dnnl_status_t status = prepare(matmul, &prepared, d);
  finish_preparation(&prepared);
  if (status != dnnl_success) {
    conednn_explain(reason, reason_bytes, what, status);
    conednn_matmul_destroy(matmul);
    return NULL;
  }
  return matmul;
}

size_t conednn_matmul_scratchpad_bytes(const conednn_matmul *matmul) {
  return matmul->scratchpad_bytes;
}

const char *conednn_matmul_implementation(const conednn_matmul *matmul) {
  return matmul->implementation;
}

int conednn_matmul_bind(conednn_matmul *m, const float *lhs, const float *rhs, const float *bias,
                        float *dst, void *scratchpad) {
  dnnl_status_t status = conednn_move(m->lhs, lhs);
  if (status == dnnl_success) status = conednn_move(m->rhs, rhs);
  if (status == dnnl_success) status = conednn_move(m->bias, bias);
  if (status == dnnl_success) status = conednn_move(m->dst, dst);
  if (status == dnnl_success) status = conednn_move(m->scratchpad, scratchpad);
  return (int)status;
}

int conednn_matmul_execute(conednn_matmul *matmul) {
  dnnl_status_t status = dnnl_primitive_execute(matmul->primitive, matmul->engine->stream,
                                                matmul->argument_count, matmul->arguments);
  if (status == dnnl_success) status = dnnl_stream_wait(matmul->engine->stream);
  return (int)status;
}

void conednn_matmul_destroy(conednn_matmul *matmul) {
  if (matmul == NULL) return;
  for (int i = 0; i < matmul->argument_count; i++) {
    dnnl_memory_destroy(matmul->arguments[i].memory);
  }
  if (matmul->primitive != NULL) dnnl_primitive_destroy(matmul->primitive);
  free(matmul);
}
