#!/usr/bin/env bash
# jaxlib 0.10.2 multiplies matrices with all that the processor has, whatever `--xla_cpu_max_isa` allows.
#
# The flag limits the code that XLA compiles: under SSE4_2 and AVX, which have no fused multiply-add, `x * x + c` in a
# compiled function is rounded twice, as it must be there. A product of matrices in the same process is rounded once all
# the same: it is not compiled but handed to a library (YNNPACK; Eigen where that is switched off by
# `--xla_cpu_experimental_ynn_fusion_type=`), which looks at the processor for itself. A profile of such a product under
# AVX2 on a processor with AVX-512 showed it in `ynn::dot_fp32_5x64x1_1x16x1_avx512`. So the flag neither makes the results
# of two machines alike nor shows how fast a program would be on a smaller processor. Seen with jax and jaxlib 0.10.2, NumPy
# 2.3.5, on processors with AVX2 and FMA or more.
#
# For users of gan: `GAN_MAX_ISA` limits every kernel, and `Benchmarks/compare.py --avx2` leaves JAX out.
#
# Exits 0 where it is still so, and on a processor without fused multiply-add, where it cannot be seen. Installs into a
# temporary folder.
set -euo pipefail

if ! grep -qw fma /proc/cpuinfo; then
  echo "this processor has no fused multiply-add: nothing to see"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.3.5 jax==0.10.2 jaxlib==0.10.2

cat >"$folder/residues.py" <<'PYTHON'
"""Prints x² - c as compiled arithmetic and as a matrix product, c being x² rounded: 0 where the product is rounded first."""

import jax
import jax.numpy as jnp
import numpy as np

SIZE = 64
x = np.float32(1 + 2**-12)
c = np.float32(1 + 2**-11)
assert x * x == c

left, right = np.zeros((2, SIZE, SIZE), np.float32)
left[:, 0], right[0] = 1, -c
left[:, 1], right[1] = x, x
row = np.ones(SIZE, np.float32)
compiled = jax.jit(lambda x, c: x * x - c)(x * row, c * row)
product = jax.jit(jnp.matmul)(left, right)
print(float(compiled[0]), float(product[0, 0]))
PYTHON

unlike=0
for limit in SSE4_2 AVX AVX2; do
  read -r compiled product < <(XLA_FLAGS=--xla_cpu_max_isa=$limit "$folder/venv/bin/python3" "$folder/residues.py" 2>"$folder/errors") ||
    { cat "$folder/errors" >&2; exit 1; }
  echo "limited to $limit: compiled arithmetic leaves $compiled, a matrix product $product"
  [[ $compiled == 0.0 && $product != 0.0 ]] && unlike=$((unlike + 1))
done
if [[ $unlike != 2 ]]; then
  echo "the limit holds for both now, or for neither" >&2
  exit 1
fi
