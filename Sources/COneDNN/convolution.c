#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

// The tensors of a convolution of whichever kind.
enum { images_port, windows_port, weights_port, port_count };

// Scratch memory is cut into parts that begin at multiples of this.
enum { scratch_alignment = 64 };

typedef struct {
  // As the caller has it, and as the convolution wants it: the same memory where those agree.
  dnnl_memory_t outside, inside;
  // From one to the other, before the convolution or after it; NULL where they agree.
  dnnl_primitive_t reorder;
  dnnl_exec_arg_t arguments[2];
  // Where `inside` lies in the scratch memory.
  size_t scratch_offset;
} port;

struct conednn_convolution {
  conednn_engine *engine;
  dnnl_primitive_t primitive;
  const char *implementation;
  port ports[port_count];
  int result;
  size_t scratch_bytes;
  size_t weight_bytes;
  blocking weight_blocking;
  // Filled at creation; binding only changes addresses inside the memories.
  int argument_count;
  dnnl_exec_arg_t arguments[port_count + 2];
  dnnl_memory_t bias, scratchpad;
};

// What creation needs and a prepared convolution does not.
typedef struct {
  int layout_count;
  dnnl_memory_desc_t layouts[2 * port_count + 1];
  // As the caller has them.
  borrowed_layout outside[port_count], bias;
  dnnl_primitive_attr_t attributes;
  // The forward convolution, which a gradient's description starts from.
  dnnl_primitive_desc_t forward;
  dnnl_primitive_desc_t description;
} preparation;

static void finish_preparation(preparation *p) {
  if (p->description != NULL) dnnl_primitive_desc_destroy(p->description);
  if (p->forward != NULL) dnnl_primitive_desc_destroy(p->forward);
  if (p->attributes != NULL) dnnl_primitive_attr_destroy(p->attributes);
  for (int i = 0; i < p->layout_count; i++) destroy_layout(&p->layouts[i]);
}

static dnnl_status_t add_layout(preparation *p, borrowed_layout *layout, int rank,
                                const dnnl_dims_t extents, dnnl_format_tag_t tag) {
  dnnl_memory_desc_t *added = &p->layouts[p->layout_count];
  const dnnl_status_t status = create_tagged_layout(added, rank, extents, tag);
  if (status != dnnl_success) return status;
  p->layout_count++;
  *layout = borrow_layout(added);
  return dnnl_success;
}

// Describes the convolution with the weights in the layout the library likes best; the images are in
// the caller's or, where `any_images`, in the library's too.
static dnnl_status_t describe(preparation *p, const conednn_engine *engine,
                              const conednn_convolution_descriptor *d, bool any_images) {
  const dnnl_dims_t extents[port_count] = {
      {d->images, d->channels, d->height, d->width},
      {d->images, d->filters, d->window_rows, d->window_columns},
      {d->filters, d->channels, d->window_height, d->window_width},
  };
  const dnnl_format_tag_t image_tag = d->channels_last ? dnnl_nhwc : dnnl_nchw;
  borrowed_layout wanted[port_count];
  for (int i = 0; i < port_count; i++) {
    const bool is_any = i == weights_port || any_images;
    dnnl_status_t status = add_layout(p, &p->outside[i], 4, extents[i], image_tag);
    if (status != dnnl_success) return status;
    wanted[i] = p->outside[i];
    if (is_any) status = add_layout(p, &wanted[i], 4, extents[i], dnnl_format_tag_any);
    if (status != dnnl_success) return status;
  }
  const dnnl_dims_t filters = {d->filters}, strides = {d->stride, d->stride};
  const dnnl_dims_t padding = {d->padding, d->padding};
  dnnl_status_t status = dnnl_success;
  if (d->has_bias) status = add_layout(p, &p->bias, 1, filters, dnnl_a);
  if (status != dnnl_success) return status;
  status = conednn_attributes_create(&p->attributes, d->post_ops, d->post_op_count);
  if (status != dnnl_success) return status;
  const bool is_forward = d->kind == CONEDNN_CONVOLUTION;
  status = describe_convolution(is_forward ? &p->description : &p->forward, engine->engine,
                                wanted[images_port], wanted[weights_port], p->bias,
                                wanted[windows_port], strides, padding,
                                is_forward ? p->attributes : NULL);
  if (status != dnnl_success || is_forward) return status;
  return d->kind == CONEDNN_INPUT_GRADIENT
             ? describe_input_gradient(&p->description, engine->engine, wanted[images_port],
                                       wanted[weights_port], wanted[windows_port], strides,
                                       padding, p->forward, p->attributes)
             : describe_weight_gradient(&p->description, engine->engine, wanted[images_port],
                                        wanted[weights_port], wanted[windows_port], strides,
                                        padding, p->forward, p->attributes);
}

// Room for `bytes` in the scratch memory.
static size_t add_scratch(conednn_convolution *c, size_t bytes) {
  const size_t offset = c->scratch_bytes;
  c->scratch_bytes += (bytes + scratch_alignment - 1) / scratch_alignment * scratch_alignment;
  return offset;
}

static dnnl_status_t add_reorder(conednn_convolution *c, port *port, borrowed_layout outside,
                                 borrowed_layout inside, bool is_result) {
  const dnnl_engine_t engine = c->engine->engine;
  dnnl_status_t status = dnnl_memory_create(&port->inside, inside, engine, DNNL_MEMORY_NONE);
  if (status != dnnl_success) return status;
  const borrowed_layout from = is_result ? inside : outside, to = is_result ? outside : inside;
  dnnl_primitive_desc_t description;
  status = dnnl_reorder_primitive_desc_create(&description, from, engine, to, engine, NULL);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_create(&port->reorder, description);
  dnnl_primitive_desc_destroy(description);
  port->arguments[0] = (dnnl_exec_arg_t){DNNL_ARG_FROM, is_result ? port->inside : port->outside};
  port->arguments[1] = (dnnl_exec_arg_t){DNNL_ARG_TO, is_result ? port->outside : port->inside};
  port->scratch_offset = add_scratch(c, dnnl_memory_desc_get_size(inside));
  return status;
}

static void add_argument(conednn_convolution *c, int role, dnnl_memory_t memory) {
  c->arguments[c->argument_count++] = (dnnl_exec_arg_t){role, memory};
}

static dnnl_status_t add_ports(conednn_convolution *c, const preparation *p,
                               conednn_convolution_kind kind) {
  const bool gives_images = kind == CONEDNN_INPUT_GRADIENT;
  const bool gives_weights = kind == CONEDNN_WEIGHT_GRADIENT;
  const int roles[port_count] = {
      gives_images ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC,
      gives_images || gives_weights ? DNNL_ARG_DIFF_DST : DNNL_ARG_DST,
      gives_weights ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS,
  };
  c->result = gives_images ? images_port : gives_weights ? weights_port : windows_port;
  for (int i = 0; i < port_count; i++) {
    port *port = &c->ports[i];
    const borrowed_layout inside =
        dnnl_primitive_desc_query_md(p->description, dnnl_query_exec_arg_md, roles[i]);
    // The caller brings the weights into the library's layout, whatever it is.
    const borrowed_layout outside = i == weights_port ? inside : p->outside[i];
    dnnl_status_t status =
        dnnl_memory_create(&port->outside, outside, c->engine->engine, DNNL_MEMORY_NONE);
    if (status != dnnl_success) return status;
    if (dnnl_memory_desc_equal(outside, inside)) {
      port->inside = port->outside;
    } else {
      status = add_reorder(c, port, outside, inside, i == c->result);
      if (status != dnnl_success) return status;
    }
    add_argument(c, roles[i], port->inside);
    if (i != weights_port) continue;
    c->weight_bytes = dnnl_memory_desc_get_size(inside);
    if (!get_blocking(inside, &c->weight_blocking)) return dnnl_unimplemented;
  }
  return dnnl_success;
}

static dnnl_status_t add_memories(conednn_convolution *c, const preparation *p,
                                  const conednn_convolution_descriptor *d) {
  const dnnl_engine_t engine = c->engine->engine;
  const borrowed_layout scratchpad =
      dnnl_primitive_desc_query_md(p->description, dnnl_query_scratchpad_md, 0);
  const size_t scratchpad_bytes = dnnl_memory_desc_get_size(scratchpad);
  if (scratchpad_bytes > 0) {
    const dnnl_status_t status =
        dnnl_memory_create(&c->scratchpad, scratchpad, engine, DNNL_MEMORY_NONE);
    if (status != dnnl_success) return status;
    // The library's own part comes first, at offset 0.
    add_scratch(c, scratchpad_bytes);
    add_argument(c, DNNL_ARG_SCRATCHPAD, c->scratchpad);
  }
  if (d->has_bias) {
    const dnnl_status_t status = dnnl_memory_create(&c->bias, p->bias, engine, DNNL_MEMORY_NONE);
    if (status != dnnl_success) return status;
    add_argument(c, DNNL_ARG_BIAS, c->bias);
  }
  return add_ports(c, p, d->kind);
}

// The library's loops for layouts it has no better ones for, a thousand times slower.
static bool is_reference(dnnl_primitive_desc_t description) {
  const char *name = "";
  return dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name) ==
             dnnl_success &&
         strncmp(name, "ref", 3) == 0;
}

static dnnl_status_t prepare(conednn_convolution *c, preparation *p,
                             const conednn_convolution_descriptor *d) {
  dnnl_status_t status = describe(p, c->engine, d, false);
  if (status != dnnl_success || is_reference(p->description)) {
    finish_preparation(p);
    *p = (preparation){.layout_count = 0};
    status = describe(p, c->engine, d, true);
  }
  if (status != dnnl_success) return status;
  status = dnnl_primitive_create(&c->primitive, p->description);
  if (status != dnnl_success) return status;
  // The primitive's own description outlives the one it was made from.
  const_dnnl_primitive_desc_t description;
  status = dnnl_primitive_get_primitive_desc(c->primitive, &description);
  if (status != dnnl_success) return status;
  status =
      dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &c->implementation);
  if (status != dnnl_success) return status;
  return add_memories(c, p, d);
}

static bool is_sound(const conednn_convolution_descriptor *d) {
  const int64_t extents[] = {d->images,      d->channels,       d->height,        d->width,
                             d->filters,     d->window_rows,    d->window_columns, d->window_height,
                             d->window_width, d->stride};
  for (size_t i = 0; i < sizeof extents / sizeof extents[0]; i++) {
    if (extents[i] < 1 || extents[i] > INT32_MAX) return false;
  }
  if (d->padding < 0 || d->padding > INT32_MAX) return false;
  if (d->post_op_count < 0 || d->post_op_count > conednn_post_op_limit) return false;
  return d->kind == CONEDNN_CONVOLUTION || (!d->has_bias && d->post_op_count == 0);
}

conednn_convolution *conednn_convolution_create(conednn_engine *engine,
                                                const conednn_convolution_descriptor *d,
                                                char *reason, size_t reason_bytes) {
  char what[200];
  snprintf(what, sizeof what,
           "convolution of [%lld, %lld, %lld, %lld] by [%lld, %lld, %lld, %lld], %d post-ops",
           (long long)d->images, (long long)d->channels, (long long)d->height,
           (long long)d->width, (long long)d->filters, (long long)d->channels,
           (long long)d->window_height, (long long)d->window_width, (int)d->post_op_count);
  if (!is_sound(d)) {
    conednn_explain(reason, reason_bytes, what, dnnl_invalid_arguments);
    return NULL;
  }
  conednn_convolution *convolution = calloc(1, sizeof *convolution);
  if (convolution == NULL) {
    conednn_explain(reason, reason_bytes, what, dnnl_out_of_memory);
    return NULL;
  }
  convolution->engine = engine;
  preparation prepared = {.layout_count = 0};
  const dnnl_status_t status = prepare(convolution, &prepared, d);
  finish_preparation(&prepared);
  if (status != dnnl_success) {
    conednn_explain(reason, reason_bytes, what, status);
    conednn_convolution_destroy(convolution);
    return NULL;
  }
  return convolution;
}

size_t conednn_convolution_scratch_bytes(const conednn_convolution *c) { return c->scratch_bytes; }

size_t conednn_convolution_weight_bytes(const conednn_convolution *c) { return c->weight_bytes; }

void conednn_convolution_weight_offsets(const conednn_convolution *c, int axis, int64_t count,
                                        int64_t *offsets) {
  const blocking *b = &c->weight_blocking;
  for (int64_t i = 0; i < count; i++) {
    int64_t rest = i, stride = 1;
    offsets[i] = 0;
    // Its lowest digit is the innermost.
    for (int digit = b->digit_count - 1; digit >= 0; digit--) {
      const int64_t size = b->digit_sizes[digit];
      if (b->digit_axes[digit] == axis) {
        offsets[i] += rest % size * stride;
        rest /= size;
      }
      stride *= size;
    }
    offsets[i] += rest * b->strides[axis];
  }
}

const char *conednn_convolution_implementation(const conednn_convolution *c) {
  return c->implementation;
}

int conednn_convolution_bind(conednn_convolution *c, const float *images, const float *windows,
                             const float *weights, const float *bias, void *scratch) {
  const float *places[port_count] = {images, windows, weights};
  dnnl_status_t status = conednn_move(c->bias, bias);
  if (status == dnnl_success) status = conednn_move(c->scratchpad, scratch);
  for (int i = 0; status == dnnl_success && i < port_count; i++) {
    port *port = &c->ports[i];
    status = conednn_move(port->outside, places[i]);
    if (status != dnnl_success || port->reorder == NULL) continue;
    status = conednn_move(port->inside, (char *)scratch + port->scratch_offset);
  }
  return (int)status;
}

static dnnl_status_t reorder(const conednn_convolution *c, const port *port) {
  if (port->reorder == NULL) return dnnl_success;
  return dnnl_primitive_execute(port->reorder, c->engine->stream, 2, port->arguments);
}

int conednn_convolution_execute(conednn_convolution *c) {
  dnnl_status_t status = dnnl_success;
  for (int i = 0; status == dnnl_success && i < port_count; i++) {
    if (i != c->result) status = reorder(c, &c->ports[i]);
  }
  if (status == dnnl_success) {
    status =
        dnnl_primitive_execute(c->primitive, c->engine->stream, c->argument_count, c->arguments);
  }
  if (status == dnnl_success) status = reorder(c, &c->ports[c->result]);
  if (status == dnnl_success) status = dnnl_stream_wait(c->engine->stream);
  return (int)status;
}

void conednn_convolution_destroy(conednn_convolution *c) {
  if (c == NULL) return;
  for (int i = 0; i < port_count; i++) {
    const port *port = &c->ports[i];
    if (port->reorder != NULL) dnnl_primitive_destroy(port->reorder);
    if (port->inside != NULL && port->inside != port->outside) dnnl_memory_destroy(port->inside);
    if (port->outside != NULL) dnnl_memory_destroy(port->outside);
  }
  if (c->bias != NULL) dnnl_memory_destroy(c->bias);
  if (c->scratchpad != NULL) dnnl_memory_destroy(c->scratchpad);
  if (c->primitive != NULL) dnnl_primitive_destroy(c->primitive);
  free(c);
}
