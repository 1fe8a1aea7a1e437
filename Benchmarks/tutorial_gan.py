"""The MNIST tutorial's GAN in PyTorch, and one training step as everybody first writes it."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

IMAGE_SIZE = 784
HIDDEN_SIZE = 256
LATENT_SIZE = 64
BATCH_SIZE = 100
LEARNING_RATE = 0.0002


@dataclass(frozen=True)
class StepResult:
    """What the tutorial's console line and pictures need of a step."""

    discriminator_loss: Tensor
    generator_loss: Tensor
    real_score: Tensor
    fake_score: Tensor
    fake_images: Tensor


class TutorialGAN:
    """Both networks and their optimisers.

    With `detach`, the discriminator's update does not differentiate the generator. The tutorial
    omits it: the result is the same and the backward pass longer.
    """

    def __init__(self, detach: bool = False) -> None:
        self.detach = detach
        self.generator = nn.Sequential(
            nn.Linear(LATENT_SIZE, HIDDEN_SIZE), nn.ReLU(),
            nn.Linear(HIDDEN_SIZE, HIDDEN_SIZE), nn.ReLU(),
            nn.Linear(HIDDEN_SIZE, IMAGE_SIZE), nn.Tanh(),
        )
        self.discriminator = nn.Sequential(
            nn.Linear(IMAGE_SIZE, HIDDEN_SIZE), nn.LeakyReLU(0.2),
            nn.Linear(HIDDEN_SIZE, HIDDEN_SIZE), nn.LeakyReLU(0.2),
            nn.Linear(HIDDEN_SIZE, 1), nn.Sigmoid(),
        )
        self._loss = nn.BCELoss()
        self._generator_adam = torch.optim.Adam(self.generator.parameters(), lr=LEARNING_RATE)
        self._discriminator_adam = torch.optim.Adam(
            self.discriminator.parameters(), lr=LEARNING_RATE
        )

    def step(self, images: Tensor) -> StepResult:
        """Both players' updates on a batch of real images `[batch, 784]`."""
        ones, zeros = torch.ones(len(images), 1), torch.zeros(len(images), 1)

        real_outputs = self.discriminator(images)
        fake_images = self._generated(len(images))
        fake_outputs = self.discriminator(fake_images.detach() if self.detach else fake_images)
        discriminator_loss = self._loss(real_outputs, ones) + self._loss(fake_outputs, zeros)
        self._reset_gradients()
        discriminator_loss.backward()
        self._discriminator_adam.step()

        fake_images = self._generated(len(images))
        generator_loss = self._loss(self.discriminator(fake_images), ones)
        self._reset_gradients()
        generator_loss.backward()
        self._generator_adam.step()
        return StepResult(
            discriminator_loss, generator_loss, real_outputs, fake_outputs, fake_images
        )

    def _generated(self, count: int) -> Tensor:
        return self.generator(torch.randn(count, LATENT_SIZE))

    def _reset_gradients(self) -> None:
        self._discriminator_adam.zero_grad()
        self._generator_adam.zero_grad()
