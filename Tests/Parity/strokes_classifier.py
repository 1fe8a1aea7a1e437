#!/usr/bin/env python3
"""Measures how close the built-in digits, `strokes`, come to MNIST: classifiers change places.

One small network learns MNIST and reads strokes, another of the same kind learns strokes alone and
reads MNIST. Both data sets are folders of IDX files named as MNIST's, training and test images and
their labels. Exits with 1 where an accuracy is below what strokes promise.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from mnist_classifier import EPOCHS, LEARNED, Images, confusion, trained

STROKES_READ = 0.85
"""Share of strokes that a classifier of MNIST must read."""
MNIST_READ = 0.60
"""Share of MNIST that a classifier of strokes must read."""


def passes(learner: str, reader_of: str, counts: np.ndarray, wanted: float) -> bool:
    """Prints what was read and what was not; whether it is as much as is wanted."""
    accuracy = counts.trace() / counts.sum()
    each = counts.diagonal() / counts.sum(axis=1)
    wrong = counts - np.diag(counts.diagonal())
    worst = [divmod(int(place), 10) for place in wrong.ravel().argsort()[::-1][:5]]
    good = accuracy >= wanted
    print(f"trained on {learner}, reads {reader_of}: {accuracy:.2%} of {counts.sum()}, "
          f"wanted {wanted:.0%}: {'good' if good else 'FAILED'}")
    print("  by digit: " + ", ".join(f"{digit} {share:.1%}" for digit, share in enumerate(each)))
    print("  worst: " + ", ".join(f"{a} as {b} {wrong[a, b]} times" for a, b in worst))
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mnist", type=Path, required=True, help="folder with MNIST")
    parser.add_argument("--strokes", type=Path, required=True, help="folder with strokes")
    parser.add_argument("--seed", type=int, default=0, help="of weights and order")
    arguments = parser.parse_args()
    folders = {"MNIST": arguments.mnist, "strokes": arguments.strokes}
    tests = {name: Images.load(folder, "t10k") for name, folder in folders.items()}
    wanted = {
        "MNIST": {"MNIST": LEARNED, "strokes": STROKES_READ},
        "strokes": {"MNIST": MNIST_READ},
    }
    verdicts = []
    for learner, folder in folders.items():
        images = Images.load(folder, "train")
        start = time.perf_counter()
        network = trained(images, arguments.seed)
        print(f"{EPOCHS} epochs of {len(images.classes)} images of {learner}, "
              f"{time.perf_counter() - start:.0f} s")
        for name, minimum in wanted[learner].items():
            verdicts.append(passes(learner, name, confusion(network, tests[name]), minimum))
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
