#!/usr/bin/env python3
"""Trains a good DCGAN on MNIST in PyTorch until it is interrupted (SIGINT), then draws samples.

    python3 Benchmarks/pytorch_dcgan.py MNIST SAMPLES.npy [--seed 0] [--count 10000] [--threads 2]

64 and 128 channels, batch normalisation, Adam as in Radford et al. 2015, all images in memory as ready floats, the fake
batch shared by both updates, no gradients that nobody uses, and an average of the generator's weights; the batch
statistics of the averaged generator are measured anew before it draws. Prints the number of steps when it ends.
"""

import argparse
import signal
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

sys.path.append(str(Path(__file__).resolve().parent.parent / "Tests" / "Parity"))

import idx_files  # noqa: E402
from pytorch_ddp_step import dcgan28, loss  # noqa: E402

BATCH_SIZE, LATENT_SIZE = 64, 100
LEARNING_RATE, BETAS = 2e-4, (0.5, 0.999)
AVERAGE = 0.999
"""What the average keeps of itself at each step."""
STATISTICS_BATCHES = 100
"""Batches whose mean statistics the averaged generator draws with."""


def initialise(module: nn.Module) -> None:
    """The paper's initial weights."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)
        nn.init.zeros_(module.bias)


class DCGAN:
    """Both networks, their optimisers, and the average of the generator."""

    def __init__(self) -> None:
        self._generator, self._discriminator = (network.apply(initialise) for network in dcgan28(LATENT_SIZE))
        self._average = AveragedModel(self._generator, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE))
        self._generator_adam, self._discriminator_adam = (
            torch.optim.Adam(network.parameters(), LEARNING_RATE, BETAS)
            for network in (self._generator, self._discriminator))

    def step(self, real: Tensor) -> None:
        """Both players' updates on a batch of real images."""
        fake = self._generator(torch.randn(len(real), LATENT_SIZE, 1, 1))
        self._discriminator_adam.zero_grad()
        (loss(self._discriminator(real), 1) + loss(self._discriminator(fake.detach()), 0)).backward()
        self._discriminator_adam.step()
        self._discriminator.requires_grad_(False)
        self._generator_adam.zero_grad()
        loss(self._discriminator(fake), 1).backward()
        self._generator_adam.step()
        self._discriminator.requires_grad_(True)
        self._average.update_parameters(self._generator)

    @torch.no_grad()
    def samples(self, count: int) -> np.ndarray:
        """So many images `[N, 1, 28, 28]` of the averaged generator, in [-1, 1]."""
        generator = self._average.module
        update_bn((torch.randn(BATCH_SIZE, LATENT_SIZE, 1, 1) for _ in range(STATISTICS_BATCHES)), generator)
        generator.eval()
        parts = torch.randn(count, LATENT_SIZE, 1, 1).split(1000)
        return torch.cat([generator(part) for part in parts]).numpy()


def main() -> None:
    """Trains until SIGINT, then writes the samples."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mnist", type=Path)
    parser.add_argument("samples", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=2)
    flags = parser.parse_args()
    interrupted = []
    signal.signal(signal.SIGINT, lambda *_: interrupted.append(True))

    torch.set_num_threads(flags.threads)
    torch.manual_seed(flags.seed)
    pixels = idx_files.read(idx_files.find(flags.mnist, "train-images-idx3-ubyte"))
    images = torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1).unsqueeze(1)
    gan, steps = DCGAN(), 0
    while not interrupted:
        for batch in torch.randperm(len(images)).split(BATCH_SIZE):
            gan.step(images[batch])
            steps += 1
            if interrupted:
                break
    np.save(flags.samples, gan.samples(flags.count))
    print(steps)


if __name__ == "__main__":
    main()
