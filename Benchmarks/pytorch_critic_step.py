#!/usr/bin/env python3
"""Five WGAN-GP critic updates and a generator's in eager PyTorch; a worker (see worker.py).

The tutorial's networks without their sigmoid, each update as it is usually written: the gradient
penalty by `autograd.grad` with `create_graph`, generated images detached.
"""

import argparse
import itertools
from collections.abc import Callable

import torch
from torch import Tensor

import worker
from tutorial_gan import BATCH_SIZE, IMAGE_SIZE, LATENT_SIZE, LEARNING_RATE, TutorialGAN

BATCHES_IN_MEMORY = 60
"""Ready batches to cycle through: gathering and scaling cost this peer nothing."""

CRITIC_STEPS, PENALTY_WEIGHT = 5, 10


class CriticGAN:
    """Both networks and their optimisers."""

    def __init__(self) -> None:
        networks = TutorialGAN()
        self.generator = networks.generator
        self.critic = networks.discriminator[:-1]
        self._generator_adam = torch.optim.Adam(self.generator.parameters(), lr=LEARNING_RATE)
        self._critic_adam = torch.optim.Adam(self.critic.parameters(), lr=LEARNING_RATE)

    def update_critic(self, real: Tensor) -> Tensor:
        """One update on a batch of real images `[batch, 784]`; returns the loss."""
        with torch.no_grad():
            fake = self.generator(torch.randn(len(real), LATENT_SIZE))
        loss = self.critic(fake).mean() - self.critic(real).mean()
        e = torch.rand(len(real), 1)
        between = (e * real + (1 - e) * fake).requires_grad_()
        (slope,) = torch.autograd.grad(self.critic(between).sum(), between, create_graph=True)
        loss = loss + PENALTY_WEIGHT * ((slope.norm(2, dim=1) - 1) ** 2).mean()
        self._critic_adam.zero_grad()
        loss.backward()
        self._critic_adam.step()
        return loss

    def update_generator(self) -> Tensor:
        """One update of the generator; returns its loss."""
        # Nobody uses the critic's gradients here, so none are taken.
        self.critic.requires_grad_(False)
        loss = -self.critic(self.generator(torch.randn(BATCH_SIZE, LATENT_SIZE))).mean()
        self._generator_adam.zero_grad()
        loss.backward()
        self._generator_adam.step()
        self.critic.requires_grad_(True)
        return loss


def prepare() -> Callable[[], None]:
    """A function that trains one step on the next batches of random images."""
    torch.manual_seed(0)
    gan = CriticGAN()
    batches = itertools.cycle(torch.rand(BATCHES_IN_MEMORY, BATCH_SIZE, IMAGE_SIZE) * 2 - 1)

    def step() -> None:
        for _ in range(CRITIC_STEPS):
            gan.update_critic(next(batches))
        gan.update_generator()

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    torch.set_num_threads(parser.parse_args().threads)
    step = prepare()

    def run_steps(count: int) -> None:
        for _ in range(count):
            step()

    worker.serve(run_steps)


if __name__ == "__main__":
    main()
