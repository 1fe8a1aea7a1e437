#!/usr/bin/env python3
"""One step of a DCGAN on gray images of 32 by 32 pixels in eager PyTorch; a worker (see worker.py).

The step of PyTorch's DCGAN example on smaller images: one batch of latents and one pass through the
generator serve both updates; real and generated images go through the discriminator one after the
other.
"""

import argparse
import itertools
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

import worker

BATCH_SIZE, LATENT_SIZE, IMAGE_SHAPE = 64, 100, (1, 32, 32)
LEARNING_RATE, BETAS = 2e-4, (0.5, 0.999)
R1_WEIGHT = 10

BATCHES_IN_MEMORY = 60
"""Ready batches to cycle through: gathering and scaling cost this peer nothing."""

FORMATS = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}


def make_generator() -> nn.Sequential:
    """Latents `[N, 100, 1, 1]` to images `[N, 1, 32, 32]`."""
    return nn.Sequential(
        nn.ConvTranspose2d(LATENT_SIZE, 256, 4, 1, 0, bias=False), nn.BatchNorm2d(256), nn.ReLU(),
        nn.ConvTranspose2d(256, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(),
    )


def make_discriminator() -> nn.Sequential:
    """Images `[N, 1, 32, 32]` to logits `[N]`."""
    return nn.Sequential(
        nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
        nn.Conv2d(128, 256, 4, 2, 1, bias=False), nn.BatchNorm2d(256), nn.LeakyReLU(0.2),
        nn.Conv2d(256, 1, 4, 1, 0), nn.Flatten(0),
    )


class DCGAN:
    """Both networks and their optimisers.

    With `freeze`, the generator's update takes no gradients of the discriminator's weights, which
    nobody uses. The example takes them: the result is the same and the backward pass longer.
    """

    def __init__(self, memory_format: torch.memory_format, r1: bool, freeze: bool) -> None:
        self._r1, self._freeze = r1, freeze
        self.generator = make_generator().to(memory_format=memory_format)
        self.discriminator = make_discriminator().to(memory_format=memory_format)
        self._generator_adam = self._adam(self.generator)
        self._discriminator_adam = self._adam(self.discriminator)

    def step(self, real: Tensor) -> tuple[Tensor, Tensor]:
        """Both players' updates on a batch of real images; returns the losses."""
        fake = self.generator(torch.randn(len(real), LATENT_SIZE, 1, 1))
        discriminator_loss = self._update_discriminator(real, fake.detach())
        self.discriminator.requires_grad_(not self._freeze)
        generator_loss = _loss(self.discriminator(fake), 1)
        self._generator_adam.zero_grad()
        generator_loss.backward()
        self._generator_adam.step()
        self.discriminator.requires_grad_(True)
        return discriminator_loss, generator_loss

    def _update_discriminator(self, real: Tensor, fake: Tensor) -> Tensor:
        real = real.detach().requires_grad_(self._r1)
        real_logits = self.discriminator(real)
        loss = _loss(real_logits, 1) + _loss(self.discriminator(fake), 0)
        if self._r1:
            (slope,) = torch.autograd.grad(real_logits.sum(), real, create_graph=True)
            loss = loss + R1_WEIGHT / 2 * slope.square().sum((1, 2, 3)).mean()
        self._discriminator_adam.zero_grad()
        loss.backward()
        self._discriminator_adam.step()
        return loss

    @staticmethod
    def _adam(network: nn.Module) -> torch.optim.Adam:
        return torch.optim.Adam(network.parameters(), lr=LEARNING_RATE, betas=BETAS)


def _loss(logits: Tensor, target: int) -> Tensor:
    return binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def prepare(memory_format: torch.memory_format, r1: bool, freeze: bool) -> Callable[[], None]:
    """A function that trains one step on the next batch of random images."""
    torch.manual_seed(0)
    gan = DCGAN(memory_format, r1, freeze)
    images = torch.rand(BATCHES_IN_MEMORY, BATCH_SIZE, *IMAGE_SHAPE) * 2 - 1
    batches = itertools.cycle([batch.contiguous(memory_format=memory_format) for batch in images])

    def step() -> None:
        gan.step(next(batches))

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-format", choices=FORMATS, default="contiguous")
    parser.add_argument("--r1", action="store_true", help="a penalty in every step, weight 10")
    parser.add_argument(
        "--freeze", action="store_true", help="spare the discriminator's useless gradients"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    step = prepare(FORMATS[arguments.memory_format], arguments.r1, arguments.freeze)

    def run_steps(count: int) -> None:
        for _ in range(count):
            step()

    worker.serve(run_steps)


if __name__ == "__main__":
    main()
