#!/usr/bin/env python3
"""The tutorial's script from end to end: data loader, pictures, console lines, weights at the end.

torchvision is replaced by stand-ins that do the same work (see torchvision_stand_in.py). The last
line of the output is a JSON object with the seconds of an epoch, pictures and weights included,
imports and the reading of the data set not.
"""

import argparse
import json
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from torchvision_stand_in import MNIST, Normalize, ToTensor, save_image
from tutorial_gan import BATCH_SIZE, StepResult, TutorialGAN

CONSOLE_INTERVAL = 200
"""Steps between two lines on the console."""


def as_pictures(images: Tensor) -> Tensor:
    """Images `[batch, 784]` in [-1, 1] as `[batch, 1, 28, 28]` in [0, 1]."""
    return ((images + 1) / 2).clamp(0, 1).reshape(-1, 1, 28, 28)


def console_line(epoch: int, epochs: int, step: int, steps: int, result: StepResult) -> str:
    """The tutorial's report of a step."""
    return (
        f"Epoch [{epoch}/{epochs}], Step [{step}/{steps}], "
        f"d_loss: {result.discriminator_loss.item():.4f}, "
        f"g_loss: {result.generator_loss.item():.4f}, "
        f"D(x): {result.real_score.mean().item():.2f}, "
        f"D(G(z)): {result.fake_score.mean().item():.2f}"
    )


def train(dataset: MNIST, output: Path, epochs: int) -> None:
    """Trains, and leaves in `output` what the tutorial leaves in its folder."""
    loader = DataLoader(dataset, batch_size=BATCH_SIZE, shuffle=True)
    gan = TutorialGAN()
    for epoch in range(epochs):
        for step, (images, _) in enumerate(loader, start=1):
            images = images.reshape(len(images), -1)
            result = gan.step(images)
            if step % CONSOLE_INTERVAL == 0:
                print(console_line(epoch, epochs, step, len(loader), result), flush=True)
        if epoch == 0:
            save_image(as_pictures(images), output / "real_images.png")
        save_image(as_pictures(result.fake_images), output / f"fake_images-{epoch + 1}.png")
    torch.save(gan.generator.state_dict(), output / "G.ckpt")
    torch.save(gan.discriminator.state_dict(), output / "D.ckpt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True, help="folder with MNIST")
    parser.add_argument("--output", type=Path, required=True, help="existing folder for results")
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    dataset = MNIST(arguments.data_dir, [ToTensor(), Normalize(mean=[0.5], std=[0.5])])
    started = time.perf_counter()
    train(dataset, arguments.output, arguments.epochs)
    seconds = (time.perf_counter() - started) / arguments.epochs
    print(json.dumps({"secondsPerEpoch": seconds}))


if __name__ == "__main__":
    main()
