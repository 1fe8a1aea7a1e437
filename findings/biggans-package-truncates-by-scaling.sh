#!/usr/bin/env bash
# pytorch-pretrained-biggan 0.1.1 truncates latents by scaling them, not by drawing again what lies beyond.
#
# The paper (Brock et al. 2019, arXiv:1809.11096, section 3.1) draws each number of a latent anew whose magnitude is
# above a threshold, as `gan sample --truncation` does. `truncated_noise_sample(truncation=t)` of the package draws
# normals within 2, whatever t is, and multiplies them by t; its documentation calls t the truncation of a truncated
# normal distribution. So t = 0.5 means numbers up to 1.0 with a standard deviation of 0.44 there and up to 0.5 with
# 0.28 in the paper, t = 1 up to 2.0 and 0.88 against up to 1.0 and 0.54: the same t is another trade of variety for
# quality, and the latents of 1 there are those of 2 here but for the way of drawing. Seen with
# pytorch-pretrained-biggan 0.1.1 (the newest), SciPy 1.16.3, NumPy 2.3.5.
#
# For users of gan: thresholds of that package and of `--truncation` cannot be compared (docs/latents.md says so).
#
# Exits 0 where it is still so. Installs into a temporary folder.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.3.5 scipy==1.16.3
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps pytorch-pretrained-biggan==0.1.1

"$folder/venv/bin/python3" - <<'PYTHON'
import importlib.metadata
import importlib.util
import sys

import numpy as np

# The module by itself: the package around it wants PyTorch, which is not needed to draw.
(path,) = [file.locate() for file in importlib.metadata.files("pytorch-pretrained-biggan")
           if str(file) == "pytorch_pretrained_biggan/utils.py"]
spec = importlib.util.spec_from_file_location("utils", path)
utils = importlib.util.module_from_spec(spec)
spec.loader.exec_module(utils)

scaled = True
for threshold in (0.5, 1.0):
    package = utils.truncated_noise_sample(2000, 128, truncation=threshold, seed=1)
    paper = np.random.default_rng(1).standard_normal(package.shape)
    while (beyond := np.abs(paper) > threshold).any():
        paper[beyond] = np.random.default_rng(int(beyond.sum())).standard_normal(int(beyond.sum()))
    print(f"truncation {threshold}: largest {np.abs(package).max():.3f}, deviation {package.std():.3f};",
          f"drawn again: largest {np.abs(paper).max():.3f}, deviation {paper.std():.3f}")
    scaled &= np.abs(package).max() > 1.9 * threshold
if not scaled:
    sys.exit("the threshold is one of magnitude now")
PYTHON
