#!/usr/bin/env python3
"""Training steps of one of several ranks in eager PyTorch, joined by DistributedDataParallel over gloo.

    pytorch_ddp_step.py GAME RANK COUNT PORT [--steps N]

GAME is `tutorial` (a batch of 1,000) or `dcgan-28` (64), without penalties; a rank has its part of the batch, one thread, and data in
memory. Both networks are wrapped; the generator's update goes through the bare discriminator, whose parameters are frozen then,
so that only gradients that somebody uses are computed and exchanged. Rank 0 prints the median milliseconds of a step.
"""

import argparse
import itertools
import os
import time
from statistics import median

import torch
from torch import Tensor, nn
from torch.distributed import barrier, init_process_group
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.nn.parallel import DistributedDataParallel

from tutorial_gan import IMAGE_SIZE, LATENT_SIZE, TutorialGAN

LEARNING_RATE = 2e-4
BATCHES_IN_MEMORY = 20
WARM_UP_STEPS = 10


def tutorial() -> tuple[nn.Module, nn.Module]:
    """The tutorial's networks, but for the sigmoid, which is part of the loss."""
    gan = TutorialGAN()
    return gan.generator, gan.discriminator[:-1]


def dcgan28(latent_size: int = 16) -> tuple[nn.Module, nn.Module]:
    """The networks of the recipe dcgan-28: latents `[N, size, 1, 1]` to images `[N, 1, 28, 28]`, and those to logits `[N, 1]`."""
    return (
        nn.Sequential(
            nn.ConvTranspose2d(latent_size, 128, 7, 1, 0, bias=False), nn.BatchNorm2d(128), nn.ReLU(),
            nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
            nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(),
        ),
        nn.Sequential(
            nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(64, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
            nn.Conv2d(128, 1, 7, 1, 0), nn.Flatten(1),
        ))


GAMES = {
    "tutorial": (tutorial, 1_000, (LATENT_SIZE,), (IMAGE_SIZE,), (0.9, 0.999)),
    "dcgan-28": (dcgan28, 64, (16, 1, 1), (1, 28, 28), (0.5, 0.999)),
}


def loss(logits: Tensor, target: int) -> Tensor:
    """Binary cross entropy against one target for all."""
    return binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


class Game:
    """Both networks, their optimisers and this rank's part of some batches."""

    def __init__(self, name: str, rank: int, count: int) -> None:
        make, batch, self._latents, image, betas = GAMES[name]
        torch.manual_seed(0)
        generator, discriminator = make()
        if len(image) == 3:
            generator.to(memory_format=torch.channels_last)
            discriminator.to(memory_format=torch.channels_last)
        # Rank 0's running statistics need not travel before every pass.
        self._generator = DistributedDataParallel(generator, forward_sync_buffers=False)
        self._discriminator = DistributedDataParallel(discriminator, forward_sync_buffers=False)
        self._adams = [
            torch.optim.Adam(network.parameters(), lr=LEARNING_RATE, betas=betas)
            for network in (self._generator, self._discriminator)]
        torch.manual_seed(rank)
        self._images = itertools.cycle(
            torch.rand(BATCHES_IN_MEMORY, batch // count, *image) * 2 - 1)

    def step(self) -> None:
        """Both players' updates."""
        generator_adam, discriminator_adam = self._adams
        real = next(self._images)
        fake = self._generator(torch.randn(len(real), *self._latents))
        both = loss(self._discriminator(real), 1) + loss(self._discriminator(fake.detach()), 0)
        discriminator_adam.zero_grad()
        both.backward()
        discriminator_adam.step()

        bare = self._discriminator.module
        bare.requires_grad_(False)
        generator_adam.zero_grad()
        loss(bare(fake), 1).backward()
        generator_adam.step()
        bare.requires_grad_(True)


def main() -> None:
    """Trains, and prints what a step takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("game", choices=GAMES)
    parser.add_argument("rank", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("port")
    parser.add_argument("--steps", type=int, default=100)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": arguments.port}
    init_process_group("gloo", rank=arguments.rank, world_size=arguments.count)
    game = Game(arguments.game, arguments.rank, arguments.count)
    times = []
    for _ in range(WARM_UP_STEPS + arguments.steps):
        started = time.perf_counter()
        game.step()
        times.append((time.perf_counter() - started) * 1000)
    if arguments.rank == 0:
        print(median(times[WARM_UP_STEPS:]), flush=True)
    barrier()
    # Left to itself, a rank of torch 2.13.0 now and then aborts as it ends, whether or not its group was destroyed.
    os._exit(0)


if __name__ == "__main__":
    main()
