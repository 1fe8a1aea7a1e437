// Where oneDNN 2 and 3 differ: the only place that asks for the version.
//
// Version 2 describes memory by value and an operation by a descriptor of its own, from which a
// primitive descriptor is made; version 3 describes memory by handle and has one step less.
#ifndef CONEDNN_DIALECT_H
#define CONEDNN_DIALECT_H

#include <oneapi/dnnl/dnnl.h>
#include <stddef.h>

#if DNNL_VERSION_MAJOR >= 3

typedef const_dnnl_memory_desc_t borrowed_layout;

static inline borrowed_layout borrow_layout(const dnnl_memory_desc_t *layout) { return *layout; }

static inline dnnl_status_t create_layout(dnnl_memory_desc_t *layout, int rank,
                                          const dnnl_dims_t extents, const dnnl_dims_t strides) {
  return dnnl_memory_desc_create_with_strides(layout, rank, extents, dnnl_f32, strides);
}

static inline void destroy_layout(dnnl_memory_desc_t *layout) {
  dnnl_memory_desc_destroy(*layout);
}

static inline dnnl_status_t append_eltwise(dnnl_post_ops_t post_ops, dnnl_alg_kind_t algorithm,
                                           float alpha) {
  return dnnl_post_ops_append_eltwise(post_ops, algorithm, alpha, 0.0f);
}

static inline dnnl_status_t describe_matmul(dnnl_primitive_desc_t *description,
                                            dnnl_engine_t engine, borrowed_layout lhs,
                                            borrowed_layout rhs, borrowed_layout bias,
                                            borrowed_layout dst, const_dnnl_primitive_attr_t attr) {
  return dnnl_matmul_primitive_desc_create(description, engine, lhs, rhs, bias, dst, attr);
}

#else

typedef const dnnl_memory_desc_t *borrowed_layout;

static inline borrowed_layout borrow_layout(const dnnl_memory_desc_t *layout) { return layout; }

static inline dnnl_status_t create_layout(dnnl_memory_desc_t *layout, int rank,
                                          const dnnl_dims_t extents, const dnnl_dims_t strides) {
  return dnnl_memory_desc_init_by_strides(layout, rank, extents, dnnl_f32, strides);
}

static inline void destroy_layout(dnnl_memory_desc_t *layout) { (void)layout; }

static inline dnnl_status_t append_eltwise(dnnl_post_ops_t post_ops, dnnl_alg_kind_t algorithm,
                                           float alpha) {
  return dnnl_post_ops_append_eltwise(post_ops, 1.0f, algorithm, alpha, 0.0f);
}

static inline dnnl_status_t describe_matmul(dnnl_primitive_desc_t *description,
                                            dnnl_engine_t engine, borrowed_layout lhs,
                                            borrowed_layout rhs, borrowed_layout bias,
                                            borrowed_layout dst, const_dnnl_primitive_attr_t attr) {
  dnnl_matmul_desc_t operation;
  const dnnl_status_t status = dnnl_matmul_desc_init(&operation, lhs, rhs, bias, dst);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(description, &operation, attr, engine, NULL);
}

#endif

#endif
