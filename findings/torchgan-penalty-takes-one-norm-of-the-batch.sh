#!/usr/bin/env bash
# torchgan 0.1.0: the gradient penalty of WGAN-GP takes one norm of the whole batch's gradients.
#
# Gulrajani et al. 2017 (arXiv:1704.00028, algorithm 1) draw one point between a real and a generated image for every
# pair of a batch, and average (|gradient at it| - 1)^2 over the points. `WassersteinGradientPenalty` documents that
# formula, but its cost is (norm of all gradients of the batch together - 1)^2: a batch of N images whose gradients all have
# the norm g costs (g * sqrt(N) - 1)^2. Its least is at gradients of norm 1 / sqrt(N), an eighth in batches of 64,
# and which critic is perfect depends on the size of the batch; the reduction has one number to average.
# `DraganGradientPenalty` does the same. Seen with torchgan 0.1.0 (the newest) and PyTorch 2.13.0.
#
# For users of gan: `--penalty wgan-gp` is the paper's, point by point, and its weight of 10 means the same in batches of
# any size. A weight that was found with torchgan cannot be taken over.
#
# Exits 0 where it is still so. Installs into a temporary folder.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.3.5 torch==2.13.0
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps torchgan==0.1.0

"$folder/venv/bin/python3" - <<'PYTHON'
import importlib.util
import sys
import types

import torch

# The package without what its first import loads beside the losses, of which trainers and metrics need torchvision.
package = types.ModuleType("torchgan")
package.__path__ = list(importlib.util.find_spec("torchgan").submodule_search_locations)
sys.modules["torchgan"] = package
from torchgan.losses import functional  # noqa: E402

PENALTIES = (functional.wasserstein_gradient_penalty, functional.dragan_gradient_penalty)
"""What `WassersteinGradientPenalty` and `DraganGradientPenalty` compute."""


def costs(count, slope):
    """torchgan's penalties and the paper's of a critic with the same slope everywhere, for so many points."""
    points = torch.randn(count, 5, dtype=torch.float64, requires_grad=True)
    direction = torch.full((5,), slope / 5**0.5, dtype=torch.float64)
    scores = points @ direction
    (gradients,) = torch.autograd.grad(scores.sum(), points, retain_graph=True)
    paper = ((gradients.norm(dim=1) - 1) ** 2).mean().item()
    return [penalty(points, scores).item() for penalty in PENALTIES], paper


for count in (1, 16, 64):
    for slope in sorted({1.0, 1 / count**0.5}):
        found, paper = costs(count, slope)
        print(f"{count} points, gradients of norm {slope:.3f}: torchgan {found[0]:.4f} and {found[1]:.4f}, paper {paper:.4f}")
        if any(abs(cost - (slope * count**0.5 - 1) ** 2) > 1e-9 for cost in found):
            sys.exit("torchgan takes another norm now")
PYTHON
