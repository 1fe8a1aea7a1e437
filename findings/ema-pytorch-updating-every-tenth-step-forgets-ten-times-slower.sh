#!/usr/bin/env bash
# ema-pytorch 0.8.3: a post-hoc average that is updated every tenth step, as its README shows, is another average.
#
# `PostHocEMA` keeps averages of a network with the profiles of Karras et al. 2024 (arXiv:2312.02696, algorithms 2 and
# 3), and makes others of them after training. A profile is named by its relative width, the standard deviation of its
# weights over the steps divided by all steps. `update_every` is said to save work only. But the factor of an update
# is that of one step, (1 - 1/t)^(gamma + 1), however many steps lie between two updates: with every = 10 the average
# forgets ten times too slowly. Of 1,000 steps the weights of the width 0.28 have their middle at step 104 where it is
# 539 for every step, those of 0.05 at 640 where it is 948, and the width 0.15, made of both afterwards as the README
# does, at about 240 where it is 820: an average of the network's first quarter. Every sum is 1, so that nothing looks
# wrong but the pictures. The default is worse, every = 100. Seen with ema-pytorch 0.8.3, PyTorch 2.13.0, NumPy 2.3.5.
#
# For users of gan: `average.halfLife` is in images and does not depend on how often anything is done. Who averages in
# PyTorch should set `update_every=1` for PostHocEMA and KarrasEMA.
#
# Exits 0 where it is still so. Installs into a temporary folder.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.3.5 torch==2.13.0
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps ema-pytorch==0.8.3

"$folder/venv/bin/python3" - "$folder" <<'PYTHON'
import sys

import torch
from ema_pytorch import PostHocEMA

steps = 1000
widths = (0.05, 0.28)
torch.set_num_threads(1)


class Moment(torch.nn.Module):
    """A network whose parameters say which step it is: an average of it shows the weight of every step."""

    def __init__(self):
        super().__init__()
        self.now = torch.nn.Parameter(torch.zeros(steps, dtype=torch.float64))


def shape(weights):
    """The sum of the weights of steps, their mean step, and their width."""
    step = torch.arange(1, steps + 1, dtype=torch.float64)
    total = weights.sum()
    middle = (weights * step).sum() / total
    return total.item(), middle.item(), ((weights * step**2).sum() / total - middle**2).sqrt().item() / steps


def averages(every):
    network = Moment()
    averager = PostHocEMA(network, sigma_rels=widths, update_every=every, checkpoint_every_num_steps=50,
                          checkpoint_dtype=torch.float64, checkpoint_folder=f"{sys.argv[1]}/every-{every}")
    for step in range(steps):
        with torch.no_grad():
            network.now.zero_()
            network.now[step] = 1
        averager.update()
    found = {width: shape(kept.ema_model.now.detach()) for width, kept in zip(widths, averager.ema_models)}
    found[0.15] = shape(averager.synthesize_ema_model(sigma_rel=0.15).ema_model.now.detach())
    return found


results = {every: averages(every) for every in (1, 10)}
for every, found in results.items():
    for width, (total, middle, seen) in found.items():
        print(f"update_every={every}, width {width}: sum {total:.4f}, mean step {middle:.0f}, width seen {seen:.3f}")
for width, (_, _, seen) in results[1].items():
    if abs(seen - width) > 0.003:
        sys.exit("updating at every step has changed")
if not all(results[10][width][1] < 0.7 * results[1][width][1] for width in results[1]):
    sys.exit("updating every tenth step gives the same average now")
PYTHON
