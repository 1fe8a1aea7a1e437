// What the shim's parts share of an engine, and how they say why something was refused.
#ifndef CONEDNN_ENGINE_H
#define CONEDNN_ENGINE_H

#include "COneDNN.h"
#include "dialect.h"

struct conednn_engine {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
};

/// Writes "`what`: `status` in words" to `reason`.
void conednn_explain(char *reason, size_t reason_bytes, const char *what, dnnl_status_t status);

#endif
