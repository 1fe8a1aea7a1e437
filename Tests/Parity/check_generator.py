#!/usr/bin/env python3
"""Proves that a generator saved by `gan` draws the same images in PyTorch.

Loads `generator.safetensors` with `load_state_dict` into the tutorial's network, written out by
hand, rebuilds the latents of `gan sample` from the seed, and compares the images.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

import from_seed
from gan_random import Purpose

TOLERANCE = 1e-5
"""Largest difference of one pixel, of a range from -1 to 1; both sides compute in float32."""

IMAGE_SHAPE = (1, 28, 28)


def tutorial_generator(latent_size: int, hidden_sizes: list[int]) -> nn.Sequential:
    """The tutorial's generator: linear layers with ReLU between them and tanh at the end."""
    if len(hidden_sizes) == 2:
        first, second = hidden_sizes
        return nn.Sequential(
            nn.Linear(latent_size, first), nn.ReLU(),
            nn.Linear(first, second), nn.ReLU(),
            nn.Linear(second, 784), nn.Tanh(),
        )
    layers: list[nn.Module] = []
    for size in hidden_sizes:
        layers += [nn.Linear(latent_size, size), nn.ReLU()]
        latent_size = size
    return nn.Sequential(*layers, nn.Linear(latent_size, 784), nn.Tanh())


def load_generator(path: Path) -> nn.Sequential:
    """The generator in `path`, a run's folder or a file of weights."""
    weights = load_file(path / "generator.safetensors" if path.is_dir() else path)
    sizes = _linear_sizes(weights)
    generator = tutorial_generator(weights["0.weight"].shape[1], sizes[:-1])
    generator.load_state_dict(weights)
    return generator


@torch.no_grad()
def largest_pixel_difference(generator: nn.Sequential, samples: np.ndarray, seed: int) -> float:
    """How far `samples`, drawn by `gan sample --seed`, are from PyTorch's; infinite if unfit."""
    fits = samples.dtype == np.float32 and samples.shape[1:] == IMAGE_SHAPE and len(samples) > 0
    if not fits or not np.abs(samples).max() <= 1:
        return float("inf")
    shape = (len(samples), generator.state_dict()["0.weight"].shape[1])
    latents = from_seed.normals(seed, Purpose.SAMPLE_LATENTS, 0, shape)
    images = generator(torch.from_numpy(latents)).reshape(samples.shape)
    return float((images - torch.from_numpy(samples)).abs().max())


def _linear_sizes(weights: dict[str, Tensor]) -> list[int]:
    """Output sizes of the linear layers, in order."""
    names = sorted((name for name in weights if name.endswith(".weight")), key=_layer_index)
    return [weights[name].shape[0] for name in names]


def _layer_index(name: str) -> int:
    return int(name.split(".")[0])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("generator", type=Path, help="a run's folder or generator.safetensors")
    parser.add_argument("samples", nargs="+", type=Path, help="written by `gan sample`, .npy")
    parser.add_argument("--seed", type=int, required=True, help="the seed given to `gan sample`")
    arguments = parser.parse_args()
    generator = load_generator(arguments.generator)
    failed = False
    for path in arguments.samples:
        samples = np.load(path)
        difference = largest_pixel_difference(generator, samples, arguments.seed)
        good = difference <= TOLERANCE
        failed = failed or not good
        print(f"{path}: {'good' if good else 'FAILED'}; {list(samples.shape)} {samples.dtype}, "
              f"largest difference {difference:.1e} of {TOLERANCE:g}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
