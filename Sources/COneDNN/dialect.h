// Where oneDNN 2 and 3 differ: the only place that asks for the version.
//
// Version 2 describes memory by value and an operation by a descriptor of its own, from which a
// primitive descriptor is made; version 3 describes memory by handle and has one step less.
#ifndef CONEDNN_DIALECT_H
#define CONEDNN_DIALECT_H

#include <oneapi/dnnl/dnnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// A layout in blocks: strides between blocks, and inside a block, outermost first, digits of the
/// axes' indices.
typedef struct {
  dnnl_dims_t strides;
  int digit_count;
  dnnl_dims_t digit_sizes, digit_axes;
} blocking;

#if DNNL_VERSION_MAJOR >= 3

typedef const_dnnl_memory_desc_t borrowed_layout;

static inline borrowed_layout borrow_layout(const dnnl_memory_desc_t *layout) { return *layout; }

static inline dnnl_status_t create_layout(dnnl_memory_desc_t *layout, int rank,
                                          const dnnl_dims_t extents, const dnnl_dims_t strides) {
  return dnnl_memory_desc_create_with_strides(layout, rank, extents, dnnl_f32, strides);
}

static inline dnnl_status_t create_tagged_layout(dnnl_memory_desc_t *layout, int rank,
                                                 const dnnl_dims_t extents,
                                                 dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(layout, rank, extents, dnnl_f32, tag);
}

static inline void destroy_layout(dnnl_memory_desc_t *layout) {
  dnnl_memory_desc_destroy(*layout);
}

static inline bool get_blocking(borrowed_layout layout, blocking *found) {
  dnnl_format_kind_t kind;
  const dnnl_dims_t *strides, *sizes, *axes;
  if (dnnl_memory_desc_query(layout, dnnl_query_format_kind, &kind) != dnnl_success ||
      kind != dnnl_blocked ||
      dnnl_memory_desc_query(layout, dnnl_query_strides, &strides) != dnnl_success ||
      dnnl_memory_desc_query(layout, dnnl_query_inner_nblks_s32, &found->digit_count) !=
          dnnl_success ||
      dnnl_memory_desc_query(layout, dnnl_query_inner_blks, &sizes) != dnnl_success ||
      dnnl_memory_desc_query(layout, dnnl_query_inner_idxs, &axes) != dnnl_success) {
    return false;
  }
  memcpy(found->strides, *strides, sizeof found->strides);
  memcpy(found->digit_sizes, *sizes, sizeof found->digit_sizes);
  memcpy(found->digit_axes, *axes, sizeof found->digit_axes);
  return true;
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

static inline dnnl_status_t describe_convolution(dnnl_primitive_desc_t *description,
                                                 dnnl_engine_t engine, borrowed_layout src,
                                                 borrowed_layout weights, borrowed_layout bias,
                                                 borrowed_layout dst, const dnnl_dims_t strides,
                                                 const dnnl_dims_t padding,
                                                 const_dnnl_primitive_attr_t attr) {
  const dnnl_dims_t dilation = {0, 0};
  return dnnl_convolution_forward_primitive_desc_create(
      description, engine, dnnl_forward_training, dnnl_convolution_direct, src, weights, bias, dst,
      strides, dilation, padding, padding, attr);
}

static inline dnnl_status_t describe_input_gradient(
    dnnl_primitive_desc_t *description, dnnl_engine_t engine, borrowed_layout diff_src,
    borrowed_layout weights, borrowed_layout diff_dst, const dnnl_dims_t strides,
    const dnnl_dims_t padding, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attr) {
  const dnnl_dims_t dilation = {0, 0};
  return dnnl_convolution_backward_data_primitive_desc_create(
      description, engine, dnnl_convolution_direct, diff_src, weights, diff_dst, strides, dilation,
      padding, padding, forward, attr);
}

static inline dnnl_status_t describe_weight_gradient(
    dnnl_primitive_desc_t *description, dnnl_engine_t engine, borrowed_layout src,
    borrowed_layout diff_weights, borrowed_layout diff_dst, const dnnl_dims_t strides,
    const dnnl_dims_t padding, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attr) {
  const dnnl_dims_t dilation = {0, 0};
  return dnnl_convolution_backward_weights_primitive_desc_create(
      description, engine, dnnl_convolution_direct, src, diff_weights, NULL, diff_dst, strides,
      dilation, padding, padding, forward, attr);
}

#else

typedef const dnnl_memory_desc_t *borrowed_layout;

static inline borrowed_layout borrow_layout(const dnnl_memory_desc_t *layout) { return layout; }

static inline dnnl_status_t create_layout(dnnl_memory_desc_t *layout, int rank,
                                          const dnnl_dims_t extents, const dnnl_dims_t strides) {
  return dnnl_memory_desc_init_by_strides(layout, rank, extents, dnnl_f32, strides);
}

static inline dnnl_status_t create_tagged_layout(dnnl_memory_desc_t *layout, int rank,
                                                 const dnnl_dims_t extents,
                                                 dnnl_format_tag_t tag) {
  return dnnl_memory_desc_init_by_tag(layout, rank, extents, dnnl_f32, tag);
}

static inline void destroy_layout(dnnl_memory_desc_t *layout) { (void)layout; }

static inline bool get_blocking(borrowed_layout layout, blocking *found) {
  if (layout->format_kind != dnnl_blocked) return false;
  const dnnl_blocking_desc_t *blocks = &layout->format_desc.blocking;
  found->digit_count = blocks->inner_nblks;
  memcpy(found->strides, blocks->strides, sizeof found->strides);
  memcpy(found->digit_sizes, blocks->inner_blks, sizeof found->digit_sizes);
  memcpy(found->digit_axes, blocks->inner_idxs, sizeof found->digit_axes);
  return true;
}

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

static inline dnnl_status_t describe_convolution(dnnl_primitive_desc_t *description,
                                                 dnnl_engine_t engine, borrowed_layout src,
                                                 borrowed_layout weights, borrowed_layout bias,
                                                 borrowed_layout dst, const dnnl_dims_t strides,
                                                 const dnnl_dims_t padding,
                                                 const_dnnl_primitive_attr_t attr) {
  dnnl_convolution_desc_t operation;
  const dnnl_status_t status = dnnl_convolution_forward_desc_init(
      &operation, dnnl_forward_training, dnnl_convolution_direct, src, weights, bias, dst, strides,
      padding, padding);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(description, &operation, attr, engine, NULL);
}

static inline dnnl_status_t describe_input_gradient(
    dnnl_primitive_desc_t *description, dnnl_engine_t engine, borrowed_layout diff_src,
    borrowed_layout weights, borrowed_layout diff_dst, const dnnl_dims_t strides,
    const dnnl_dims_t padding, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attr) {
  dnnl_convolution_desc_t operation;
  const dnnl_status_t status = dnnl_convolution_backward_data_desc_init(
      &operation, dnnl_convolution_direct, diff_src, weights, diff_dst, strides, padding, padding);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(description, &operation, attr, engine, forward);
}

static inline dnnl_status_t describe_weight_gradient(
    dnnl_primitive_desc_t *description, dnnl_engine_t engine, borrowed_layout src,
    borrowed_layout diff_weights, borrowed_layout diff_dst, const dnnl_dims_t strides,
    const dnnl_dims_t padding, const_dnnl_primitive_desc_t forward,
    const_dnnl_primitive_attr_t attr) {
  dnnl_convolution_desc_t operation;
  const dnnl_status_t status = dnnl_convolution_backward_weights_desc_init(
      &operation, dnnl_convolution_direct, src, diff_weights, NULL, diff_dst, strides, padding,
      padding);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(description, &operation, attr, engine, forward);
}

#endif

#endif
