#!/usr/bin/env python3
"""Measures how close the built-in digits, `strokes`, come to MNIST: classifiers change places.

One small network learns MNIST and reads strokes, another of the same kind learns strokes alone and
reads MNIST. Both data sets are folders of IDX files named as MNIST's, training and test images and
their labels. Exits with 1 where an accuracy is below what strokes promise.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import idx_files

LEARNED = 0.98
"""What a classifier of MNIST must reach on MNIST's own test images before it may judge."""
STROKES_READ = 0.85
"""Share of strokes that a classifier of MNIST must read."""
MNIST_READ = 0.60
"""Share of MNIST that a classifier of strokes must read."""

MEAN, DEVIATION = 0.1307, 0.3081
"""Of MNIST's pixels in [0, 1]; whatever is read is normalised with them."""

EPOCHS = 2
BATCH_SIZE = 128
LEARNING_RATE = 3e-3
"""The highest of a one-cycle schedule, for Adam."""


@dataclass(frozen=True)
class Images:
    """Normalised images `[N, 1, 28, 28]` and their digits `[N]`."""

    pixels: Tensor
    digits: Tensor

    @staticmethod
    def load(folder: Path, split: str) -> "Images":
        pixels = idx_files.read(idx_files.find(folder, f"{split}-images-idx3-ubyte"))
        digits = idx_files.read(idx_files.find(folder, f"{split}-labels-idx1-ubyte"))
        unit = torch.from_numpy(pixels.astype(np.float32) / 255).unsqueeze(1)
        return Images((unit - MEAN) / DEVIATION, torch.from_numpy(digits.astype(np.int64)))


def classifier() -> nn.Sequential:
    """Two convolutions and two linear layers, 20,500 parameters: enough for 98.5% of MNIST."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 5), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(8, 16, 5), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 10),
    )


def trained(images: Images, seed: int) -> nn.Sequential:
    """A classifier that has seen `images` and nothing else."""
    torch.manual_seed(seed)
    network = classifier()
    batches = -(-len(images.digits) // BATCH_SIZE)
    optimiser = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=EPOCHS * batches)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images.digits)).split(BATCH_SIZE):
            loss = functional.cross_entropy(network(images.pixels[batch]), images.digits[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return network


@torch.no_grad()
def confusion(network: nn.Sequential, images: Images) -> np.ndarray:
    """How often digit [row] was read as [column]."""
    read = torch.cat([network(part).argmax(1) for part in images.pixels.split(1000)])
    counts = torch.bincount(images.digits * 10 + read, minlength=100)
    return counts.reshape(10, 10).numpy()


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
        print(f"{EPOCHS} epochs of {len(images.digits)} images of {learner}, "
              f"{time.perf_counter() - start:.0f} s")
        for name, minimum in wanted[learner].items():
            verdicts.append(passes(learner, name, confusion(network, tests[name]), minimum))
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
