"""A network of a replay, in the run's initial state, and what makes it learn."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from networks import make_network
from schedules import value_at
from trace_file import Trace, TraceError


class Player:
    """A network in the run's initial state, with its Adam optimiser."""

    def __init__(self, name: str, trace: Trace) -> None:
        self.name = name
        self.network = make_network(trace.networks[name])
        self.parameters = dict(self.network.named_parameters())
        self._adam: dict[str, float | str] = trace.options["optimizer"][name]
        self._updates = 0
        self._moments = {key: [torch.zeros_like(p)] * 2 for key, p in self.parameters.items()}
        for key, value in self.network.state_dict().items():
            initial = trace.tensor(f"initial.{name}.{key}", value.dtype)
            if initial.shape != value.shape:
                raise TraceError(f"initial.{name}.{key}: shape {list(initial.shape)}")
            value.copy_(initial)

    def gradients(self, loss: Tensor) -> dict[str, Tensor]:
        """Gradients of `loss` by parameter name."""
        values = torch.autograd.grad(loss, list(self.parameters.values()))
        return dict(zip(self.parameters, values, strict=True))

    @torch.no_grad()
    def update(
        self, gradients: dict[str, Tensor], clip: float | None = None, images: int = 0
    ) -> None:
        """One step of Adam (Kingma and Ba 2014, algorithm 1), then clipping to [-clip, clip].

        `images` were seen before the present step of the run.
        """
        self._updates += 1
        adam = {key: value_at(value, images) for key, value in self._adam.items()}
        beta1, beta2 = adam["beta1"], adam["beta2"]
        for key, parameter in self.parameters.items():
            first, second = self._moments[key]
            first = beta1 * first + (1 - beta1) * gradients[key]
            second = beta2 * second + (1 - beta2) * gradients[key] ** 2
            self._moments[key] = [first, second]
            mean = first / (1 - beta1**self._updates)
            deviation = (second / (1 - beta2**self._updates)).sqrt()
            parameter.sub_(adam["learningRate"] * mean / (deviation + adam["epsilon"]))
            if clip is not None:
                parameter.clamp_(-clip, clip)
            # The run's own parameters are float32, and its next step is taken there.
            parameter.copy_(parameter.float())


class _Average:
    """An average of a generator's parameters and statistics, and a count of updates taken in.

    Counters and the vectors of power iterations are copied.
    """

    def __init__(self, generator: Player) -> None:
        self._generator = generator
        self._updates = 0
        self.values = {
            key: value.clone() for key, value in generator.network.state_dict().items()
        }

    def _take(self, share: float) -> None:
        """Takes the generator in, with that weight."""
        for key, value in self._generator.network.state_dict().items():
            average = self.values[key]
            if value.is_floating_point() and not key.endswith(("._u", "._v")):
                average += share * (value - average)
            else:
                average.copy_(value)
        self._updates += 1


class PowerAverage(_Average):
    """A power-function average, of a relative length."""

    KEPT_LENGTHS = (0.05, 0.1)

    def __init__(self, generator: Player, length: float) -> None:
        super().__init__(generator)
        # length² (γ + 2)² (γ + 3) = γ + 1, a cubic whose greatest root counts.
        inverse = length**-2
        roots = np.roots([1, 7, 16 - inverse, 12 - inverse])
        self._exponent = max(roots.real) + 1

    def update(self) -> None:
        """Takes the generator in, after one of its updates."""
        self._take(1 - (1 - 1 / (self._updates + 1)) ** self._exponent)


class Average(_Average):
    """The moving average that forgets at a given speed."""

    def __init__(self, generator: Player, options: dict[str, Any]) -> None:
        super().__init__(generator)
        self._half_life: float | str = options["average"]["halfLife"]
        self._ramp_up: float = options["average"]["rampUp"]
        self._batch_size: int = options["batchSize"]

    def update(self, images: int = 0) -> None:
        """Takes the generator in, after one of its updates in the step after so many `images`."""
        self._take(1 - self._decay(images))

    def _decay(self, images: int) -> float:
        """The weight of what was, 0 before any image was seen."""
        half_life = value_at(self._half_life, images)
        if self._ramp_up > 0:
            half_life = min(half_life, self._ramp_up * self._updates * self._batch_size)
        return 0.5 ** (self._batch_size / half_life) if half_life > 0 else 0.0
