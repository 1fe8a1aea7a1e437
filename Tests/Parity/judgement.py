"""What counts as the same computation: the error of a tensor, and how much of it is allowed."""

import math
from dataclasses import dataclass
from enum import Enum
from statistics import median

from torch import Tensor


class Kind(Enum):
    """What was measured; the value is its heading in a summary."""

    SCALAR = "losses and scores"
    GRADIENT = "gradients"
    FINAL = "final parameters"
    BUFFERS = "final buffers"
    INITIAL = "initial parameters from the seed"
    RANDOM = "random numbers from the seed"
    BATCHES = "batches from the seed"


ALLOWED = {
    Kind.SCALAR: 1e-5,
    Kind.GRADIENT: 1e-2,
    Kind.FINAL: 1e-6,
    Kind.BUFFERS: 1e-6,
    Kind.INITIAL: 1e-6,
    Kind.RANDOM: 0.0,  # The polynomial is stated to the bit.
    Kind.BATCHES: 1e-6,
}
"""The largest error of any one tensor."""

GRADIENT_MEDIAN = 1e-6
GRADIENT_OUTLIER = 1e-4
GRADIENT_OUTLIER_SHARE = 0.1
"""Share of gradients above `GRADIENT_OUTLIER`: a unit may cross its kink by rounding."""

GRADIENT_FLOOR = 1e-4
"""Below this share of its network's whole gradient, the size of a tensor counts as noise."""


@dataclass(frozen=True)
class Measurement:
    """The error of one tensor of a trace."""

    name: str
    kind: Kind
    error: float


def norm(tensors: list[Tensor]) -> float:
    """Euclidean norm of all the values of `tensors` together."""
    return math.sqrt(sum(float((tensor**2).sum()) for tensor in tensors))


def relative_error(recorded: Tensor, expected: Tensor, floor: float = 0.0) -> float:
    """`||recorded - expected|| / max(||expected||, floor)`; infinite where it has no meaning."""
    if recorded.shape != expected.shape:
        return math.inf
    difference, size = norm([recorded - expected]), max(norm([expected]), floor)
    if difference == 0:
        return 0.0
    return difference / size if size > 0 and math.isfinite(difference) else math.inf


def largest_difference(recorded: Tensor, expected: Tensor) -> float:
    """The largest absolute difference of two values; infinite where it has no meaning."""
    if recorded.shape != expected.shape:
        return math.inf
    difference = float((recorded - expected).abs().max())
    return difference if math.isfinite(difference) else math.inf


class Judgement:
    """All the measurements of one trace, and the verdict on them."""

    def __init__(self, enlargement: float = 1) -> None:
        """`enlargement`: by how much what is computed makes roundings larger."""
        self.gradient_median_allowed = GRADIENT_MEDIAN * enlargement
        self.measurements: list[Measurement] = []
        self.untouched: list[float] = []
        """Errors of gradients before any unit was put across its kink."""
        self.crossed = 0
        """Units that were."""

    def add(self, name: str, kind: Kind, error: float) -> None:
        self.measurements.append(Measurement(name, kind, error))

    def of(self, kind: Kind) -> list[Measurement]:
        return [each for each in self.measurements if each.kind is kind]

    def worst(self, kind: Kind) -> Measurement | None:
        """The measurement with the largest error; None where nothing was measured."""
        return max(self.of(kind), key=lambda each: each.error, default=None)

    def gradient_median(self) -> float:
        return median(each.error for each in self.of(Kind.GRADIENT))

    def gradient_outlier_share(self) -> float:
        return _outlier_share([each.error for each in self.of(Kind.GRADIENT)])

    def untouched_outlier_share(self) -> float:
        """The same before any unit was put across its kink."""
        return _outlier_share(self.untouched)

    def complaints(self) -> list[str]:
        """One sentence for every rule that is broken, naming the worst tensor; empty is good."""
        found = []
        for kind in Kind:
            worst = self.worst(kind)
            if worst and worst.error > ALLOWED[kind]:
                count = sum(each.error > ALLOWED[kind] for each in self.of(kind))
                first = next(each for each in self.of(kind) if each.error > ALLOWED[kind])
                found.append(
                    f"{kind.value}: {count} above {ALLOWED[kind]:g}, worst {worst.name} "
                    f"({worst.error:.2e}), first {first.name}"
                )
        if (middle := self.gradient_median()) > (allowed := self.gradient_median_allowed):
            found.append(f"gradients: median {middle:.2e} is above {allowed:g}")
        if (share := self.gradient_outlier_share()) > GRADIENT_OUTLIER_SHARE:
            first = next(x for x in self.of(Kind.GRADIENT) if x.error > GRADIENT_OUTLIER)
            found.append(
                f"gradients: {share:.0%} are above {GRADIENT_OUTLIER:g}, first {first.name}"
            )
        return found

    def summary(self) -> str:
        """Worst errors by kind and the middle of the gradients, on one line."""
        parts = []
        for kind in Kind:
            worst = self.worst(kind)
            if worst is None:
                parts.append(f"{kind.value} not checked")
            elif kind is Kind.GRADIENT:
                parts.append(
                    f"gradients median {self.gradient_median():.1e} worst {worst.error:.1e} "
                    f"({self.gradient_outlier_share():.1%} above {GRADIENT_OUTLIER:g}; "
                    f"{self.untouched_outlier_share():.1%} before {self.crossed} units "
                    "were put across their kink)"
                )
            else:
                parts.append(f"{kind.value} {worst.error:.1e}")
        return "; ".join(parts)


def _outlier_share(errors: list[float]) -> float:
    return sum(error > GRADIENT_OUTLIER for error in errors) / len(errors)
