#!/usr/bin/env python3
"""Proves that a generator saved by `gan` draws the same images in PyTorch.

Builds the network that `generator.safetensors` describes of PyTorch's layers, loads the file with
`load_state_dict`, rebuilds the latents of `gan sample` from the seed, and compares the images.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file

import from_seed
from gan_random import Purpose
from networks import LabelConcatenation, Network, make_network

TOLERANCE = 1e-5
"""Largest difference of one pixel, of a range from -1 to 1; both sides compute in float32."""


def load_generator(path: Path) -> Network:
    """The generator in `path`, a run's folder or a file of weights, in inference mode."""
    file = path / "generator.safetensors" if path.is_dir() else path
    with safe_open(str(file), framework="pt") as opened:
        description = json.loads(opened.metadata()["networks"])["generator"]
    generator = make_network(description).float()
    generator.load_state_dict(load_file(file))
    generator.latent_size = description["inputShape"][0]
    return generator.eval()


def class_count(generator: Network) -> int | None:
    """Of how many classes it is told one; None where it is told none."""
    told = (x.num_embeddings for x in generator.modules() if isinstance(x, LabelConcatenation))
    return next(told, None)


@torch.no_grad()
def largest_pixel_difference(
    generator: Network, samples: np.ndarray, seed: int, label: str | None = None
) -> float:
    """How far `samples`, drawn by `gan sample --seed`, are from PyTorch's; infinite if unfit.

    `label` is what `--label` was: a number, `each`, or None for all classes in turn.
    """
    if samples.dtype != np.float32 or len(samples) == 0 or not np.abs(samples).max() <= 1:
        return float("inf")
    places, classes = np.arange(len(samples)), class_count(generator)
    labels = None
    if classes and label == "each":
        labels, places = np.divmod(places, len(samples) // classes)
    elif classes:
        labels = places % classes if label is None else np.full(len(samples), int(label))
    shape = (len(samples), generator.latent_size)
    latents = from_seed.normals(seed, Purpose.SAMPLE_LATENTS, 0, shape)[places]
    told = None if labels is None else torch.from_numpy(labels.astype(np.int64))
    images = generator(torch.from_numpy(latents), told).reshape(samples.shape)
    return float((images - torch.from_numpy(samples)).abs().max())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("generator", type=Path, help="a run's folder or generator.safetensors")
    parser.add_argument("samples", nargs="+", type=Path, help="written by `gan sample`, .npy")
    parser.add_argument("--seed", type=int, required=True, help="the seed given to `gan sample`")
    parser.add_argument("--label", help="the class given to it: a number or `each`")
    arguments = parser.parse_args()
    generator = load_generator(arguments.generator)
    failed = False
    for path in arguments.samples:
        samples = np.load(path)
        difference = largest_pixel_difference(generator, samples, arguments.seed, arguments.label)
        good = difference <= TOLERANCE
        failed = failed or not good
        print(f"{path}: {'good' if good else 'FAILED'}; {list(samples.shape)} {samples.dtype}, "
              f"largest difference {difference:.1e} of {TOLERANCE:g}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
