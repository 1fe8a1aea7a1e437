#!/usr/bin/env python3
"""The tutorial's training step in eager PyTorch, its data in memory; a worker (see worker.py)."""

import argparse
import itertools
from collections.abc import Callable

import torch

import worker
from tutorial_gan import BATCH_SIZE, IMAGE_SIZE, TutorialGAN

BATCHES_IN_MEMORY = 60
"""Ready batches to cycle through: gathering and scaling cost this peer nothing."""


def prepare(detach: bool) -> Callable[[], None]:
    """A function that trains one step on the next batch of random images."""
    torch.manual_seed(0)
    gan = TutorialGAN(detach)
    images = torch.rand(BATCHES_IN_MEMORY, BATCH_SIZE, IMAGE_SIZE) * 2 - 1
    batches = itertools.cycle(images)

    def step() -> None:
        gan.step(next(batches))

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--detach", action="store_true", help="spare the generator's useless backward pass"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    step = prepare(arguments.detach)

    def run_steps(count: int) -> None:
        for _ in range(count):
            step()

    worker.serve(run_steps)


if __name__ == "__main__":
    main()
