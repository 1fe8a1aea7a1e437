"""The probability of augmentation that follows the discriminator's overfitting, as
docs/augmentation.md says; in float32, as chances are compared with it."""

from typing import Any

import numpy as np
from torch import Tensor

WINDOW = 4
"""Batches that overfitting is the mean of."""

DIFFERING = ("wasserstein", "relativistic")
"""Objectives in which only differences of logits count."""


class AdaptedProbability:
    """The probability, from 0 on."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._differs = options["objective"] in DIFFERING
        self._target = np.float32(options["augmentationTarget"])
        self._images: int = options["augmentationImages"]
        self._batches = [0.0] * WINDOW
        self.value = np.float32(0)

    @property
    def overfitting(self) -> float:
        return sum(self._batches) / WINDOW

    def follow(self, real: Tensor, generated: Tensor, count: int) -> None:
        """Moves after a batch of so many real items, whose logits these are."""
        logits = real - generated if self._differs else real
        self._batches = [*self._batches[1:], logits.sign().mean().item()]
        step = np.float32(count / self._images)
        above = np.float32(self.overfitting) > self._target
        moved = self.value + step if above else self.value - step
        self.value = np.float32(min(max(moved, np.float32(0)), np.float32(1)))
