"""The losses of both players, from logits `r` on real and `f` on generated images."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import relu, softplus

Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Objective:
    """What each player minimises; means over the batch."""

    discriminator: Loss
    generator: Loss
    generator_judges_real: bool = False
    """Whether the generator's loss also needs `r`; otherwise `r` is `f` and unused."""
    clips: bool = False
    """Whether discriminator parameters are clipped after each step where there is no penalty."""


def _cross_entropy(r: Tensor, f: Tensor) -> Tensor:
    return softplus(-r).mean() + softplus(f).mean()


OBJECTIVES = {
    "non-saturating": Objective(_cross_entropy, lambda r, f: softplus(-f).mean()),
    "minimax": Objective(_cross_entropy, lambda r, f: -softplus(f).mean()),
    "least-squares": Objective(
        lambda r, f: ((r - 1) ** 2).mean() / 2 + (f**2).mean() / 2,
        lambda r, f: ((f - 1) ** 2).mean() / 2,
    ),
    "hinge": Objective(
        lambda r, f: relu(1 - r).mean() + relu(1 + f).mean(), lambda r, f: -f.mean()
    ),
    "wasserstein": Objective(
        lambda r, f: f.mean() - r.mean(), lambda r, f: -f.mean(), clips=True
    ),
    "relativistic": Objective(
        lambda r, f: softplus(f - r).mean(),
        lambda r, f: softplus(r - f).mean(),
        generator_judges_real=True,
    ),
}
