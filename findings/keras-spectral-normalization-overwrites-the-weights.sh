#!/usr/bin/env bash
# Keras 3.15.1: the layer SpectralNormalization overwrites the weights that it normalises.
#
# Its documentation names Miyato et al. 2018 (arXiv:1802.05957), where a layer computes with W / sigma(W) and the
# optimiser goes on with W itself (algorithm 1); so do PyTorch and gan. In Keras every call with training=True assigns
# W / sigma to the kernel. Three things follow. What the optimiser has learnt about the scale of W is gone after each
# call, so that a step of Adam turns a weight of norm 3 three times as far as in the paper. A discriminator that only
# judges images in the generator's update changes its own weights, though nobody updates it. And a call with
# training=False before the first one with training=True is not normalised at all. Seen with Keras 3.15.1 and JAX
# 0.10.2; the layer is the same code for all backends.
#
# For users of gan: `sngan-32` and `projection` keep W, as the paper does: their training in Keras cannot be compared
# step by step, and weights that Keras saves are W / sigma.
#
# Exits 0 where it is still so. Installs into a temporary folder.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.3.5 scipy==1.16.3 keras==3.15.1 \
  jax==0.10.2 jaxlib==0.10.2

KERAS_BACKEND=jax "$folder/venv/bin/python3" - <<'PYTHON'
import sys

import keras
import numpy as np

dense = keras.layers.Dense(2, use_bias=False)
layer = keras.layers.SpectralNormalization(dense, power_iterations=30)
layer.build((None, 2))
dense.kernel.assign(np.diag([3.0, 1.0]).astype(np.float32))
images = np.eye(2, dtype=np.float32)


def norm(matrix):
    return float(np.linalg.norm(np.asarray(matrix), 2))


before = norm(dense.kernel.value)
print("norm of the weights before any call:", before)
print("norm of what training=False computes, first:", norm(layer(images, training=False)))
print("norm of what training=True computes:", norm(layer(images, training=True)))
after = norm(dense.kernel.value)
print("norm of the weights after that call, with no optimiser:", after)
if before != 3:
    sys.exit("the weights are not as they were set")
if abs(after - 1) > 1e-3:
    sys.exit("the weights are kept now")
PYTHON
