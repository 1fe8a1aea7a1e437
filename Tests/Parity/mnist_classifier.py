"""A small classifier of MNIST, and of whatever lies in files like MNIST's."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import idx_files

CLASSES = 10
LEARNED = 0.98
"""What a classifier of MNIST must reach on MNIST's own test images before it may judge."""

MEAN, DEVIATION = 0.1307, 0.3081
"""Of MNIST's pixels in [0, 1]; whatever is read is normalised with them."""

EPOCHS = 2
BATCH_SIZE = 128
LEARNING_RATE = 3e-3
"""The highest of a one-cycle schedule, for Adam."""


def normalised(unit: Tensor) -> Tensor:
    """Pixels in [0, 1] as the classifier takes them."""
    return (unit - MEAN) / DEVIATION


@dataclass(frozen=True)
class Images:
    """Normalised images `[N, 1, 28, 28]` and their classes `[N]`."""

    pixels: Tensor
    classes: Tensor

    @staticmethod
    def load(folder: Path, split: str) -> "Images":
        pixels = idx_files.read(idx_files.find(folder, f"{split}-images-idx3-ubyte"))
        classes = idx_files.read(idx_files.find(folder, f"{split}-labels-idx1-ubyte"))
        unit = torch.from_numpy(pixels.astype(np.float32) / 255).unsqueeze(1)
        return Images(normalised(unit), torch.from_numpy(classes.astype(np.int64)))


def classifier() -> nn.Sequential:
    """Two convolutions and two linear layers, 20,500 parameters: enough for 98.5% of MNIST."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 5), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(8, 16, 5), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, CLASSES),
    )


def trained(images: Images, seed: int) -> nn.Sequential:
    """A classifier that has seen `images` and nothing else."""
    torch.manual_seed(seed)
    network = classifier()
    batches = -(-len(images.classes) // BATCH_SIZE)
    optimiser = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=EPOCHS * batches)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images.classes)).split(BATCH_SIZE):
            loss = functional.cross_entropy(network(images.pixels[batch]), images.classes[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return network


@torch.no_grad()
def probabilities(network: nn.Sequential, pixels: Tensor) -> Tensor:
    """How probable each class is to the network, `[N, 10]`, of normalised `pixels`."""
    return torch.cat([network(part).softmax(1) for part in pixels.split(1000)])


def confusion(network: nn.Sequential, images: Images) -> np.ndarray:
    """How often class [row] was read as [column]."""
    read = probabilities(network, images.pixels).argmax(1)
    counts = torch.bincount(images.classes * CLASSES + read, minlength=CLASSES**2)
    return counts.reshape(CLASSES, CLASSES).numpy()
