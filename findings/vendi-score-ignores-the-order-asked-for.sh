#!/usr/bin/env bash
# vendi-score 0.0.3 gives the score of order 1 whatever order it is asked for, when it is given features.
#
# Its functions take an order q: 1 weighs classes by how common they are, 2 and more see common ones only, "inf" the
# commonest. `score_K` takes similarities, `score_X` and `score_dual` take features, and all three are one definition
# (Pasarkar, Dieng 2023; Friedman, Dieng 2022). `score_X(X, q=...)` hands 1 on in the place of q, without a warning:
# of features of eight kinds, very unequally common, it says 3.3 for every order, where `score_dual` and `score_K` say
# 3.3, 2.1 and 1.5 for 1, 2 and "inf". A collapse that order "inf" would show is hidden. Seen with vendi-score 0.0.3
# (the newest), NumPy 2.3.5, SciPy 1.16.3.
#
# For users of gan: `vendi` of `gan evaluate` is of order 1, divided by the number of images, and agrees with
# `score_X`. For other orders take `score_dual`.
#
# Exits 0 where it is still so. Installs into a temporary folder.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.3.5 scipy==1.16.3 scikit-learn==1.7.2
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps vendi-score==0.0.3

"$folder/venv/bin/python3" - <<'PYTHON'
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore", DeprecationWarning)
from vendi_score import vendi

counts = [128, 24, 12, 8, 8, 6, 4, 2]
features = np.repeat(np.eye(8), counts, axis=0)     # equal within a kind, orthogonal between kinds
shares = np.array(counts) / sum(counts)
exact = {1: np.exp(-(shares * np.log(shares)).sum()), 2: 1 / (shares ** 2).sum(), "inf": 1 / shares.max()}

asked_in_vain = 0
for order, value in exact.items():
    of_features = vendi.score_X(features, q=order)
    dual = vendi.score_dual(features, q=order)
    of_similarities = vendi.score_K(features @ features.T, q=order)
    print(f"order {order}: exact {value:.4f}, score_dual {dual:.4f}, score_K {of_similarities:.4f}, score_X {of_features:.4f}")
    if not (abs(dual - value) < 1e-6 and abs(of_similarities - value) < 1e-6):
        sys.exit("score_dual and score_K have changed")
    asked_in_vain += order != 1 and abs(of_features - exact[1]) < 1e-6
if asked_in_vain != 2:
    sys.exit("score_X heeds the order now")
PYTHON
