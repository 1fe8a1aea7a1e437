"""Units so near their kink that rounding decides which side they are on.

ReLU and its leaky sister have a kink at 0. In float32 a unit may lie on the other side than in
double precision; its value is next to 0 either way, but its derivative is another. A replay at the
run's own parameters has to take the side that the run took: found by trying, among the few units
that rounding can have moved.
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

NEAR = 3e-6
"""Distance from the kink, of the root mean square of the layer, that rounding can bridge."""

MOST_TRIALS = 24
"""How many of the nearest units are tried in one update."""

WORTHWHILE = 0.95
"""A unit changes sides where that leaves at most this share of the error."""

Unit = tuple[int, int]
"""The number of an activation's application within the update, and a place in its input."""


class Kinks:
    """The activations of networks, and the units among them that are to be across their kink."""

    def __init__(self, networks: Iterable[nn.Module]) -> None:
        self.crossed = 0
        """Units that were found across, in all updates so far."""
        self._across: set[Unit] = set()
        self._near: list[tuple[float, Unit]] = []
        self._applications = 0
        for network in networks:
            for layer in network.modules():
                if isinstance(layer, nn.ReLU | nn.LeakyReLU):
                    layer.register_forward_hook(self._hook)

    def compute(self, across: set[Unit], computation: Callable[[], None]) -> list[Unit]:
        """Runs a computation with these units across; returns who is near, the nearest first."""
        self._across, self._near, self._applications = across, [], 0
        computation()
        self._across = set()
        return [unit for _, unit in sorted(self._near)]

    def search(
        self, nearest: list[Unit], error: float, retry: Callable[[set[Unit]], float]
    ) -> None:
        """Puts units across, one after another, while that makes the error smaller.

        `retry` computes with a set of units across and returns the error, 0 where it is good; what
        it computed last is what remains.
        """
        across: set[Unit] = set()
        is_current = True
        for unit in nearest[:MOST_TRIALS]:
            if error == 0:
                break
            tried = retry(across | {unit})
            is_current = tried <= WORTHWHILE * error
            if is_current:
                across, error = across | {unit}, tried
        if not is_current:
            retry(across)
        self.crossed += len(across)

    def _hook(self, layer: nn.Module, inputs: tuple[Tensor], output: Tensor) -> Tensor | None:
        if not torch.is_grad_enabled():
            return None
        (x,) = inputs
        number = self._applications
        self._applications += 1
        distances = x.detach().flatten().abs()
        size = float(distances.square().mean().sqrt())
        for place in (distances < NEAR * size).nonzero().flatten().tolist():
            self._near.append((float(distances[place]) / size, (number, place)))
        places = [place for application, place in self._across if application == number]
        if not places:
            return None
        slope = layer.negative_slope if isinstance(layer, nn.LeakyReLU) else 0.0
        slopes = torch.where(x.detach().flatten() > 0, 1.0, slope)
        slopes[places] = 1 + slope - slopes[places]
        return x * slopes.reshape(x.shape)
