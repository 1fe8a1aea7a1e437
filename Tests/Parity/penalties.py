"""What is added to the discriminator's loss: functions of its gradients, all differentiable."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_random import Purpose


@dataclass(frozen=True)
class Judged:
    """Items that the discriminator judged, `[items, ...]`, and its logits on them."""

    items: Tensor
    logits: Tensor

    def squared_norms(self) -> Tensor:
        """Squared norm of the gradient of the summed logits, for each item."""
        (gradient,) = torch.autograd.grad(self.logits.sum(), self.items, create_graph=True)
        return (gradient**2).flatten(1).sum(1)


@dataclass(frozen=True)
class Update:
    """What a penalty sees of a discriminator update."""

    real: Judged
    """Real items as they are judged, augmented and with packs side by side."""
    generated: Judged
    judge: Callable[[Tensor], Tensor]
    """The discriminator, leaving no trace in it: items to logits."""
    uniform: Callable[[str, tuple[int, ...]], Tensor]
    """The recorded uniform numbers of a role, of this shape."""
    anchors: Callable[[], tuple[Tensor, Tensor]]
    """Moving averages of the mean logits on real and on generated items."""


def _deviation_from_1(update: Update, items: Tensor) -> Tensor:
    items = items.detach().requires_grad_()
    norms = Judged(items, update.judge(items)).squared_norms().sqrt()
    return ((norms - 1) ** 2).mean()


def _wgan_gp(update: Update) -> Tensor:
    x, generated = update.real.items, update.generated.items
    e = _for_each_item(update, "interpolation")
    return _deviation_from_1(update, e * x + (1 - e) * generated)


def _dragan(update: Update) -> Tensor:
    x = update.real.items
    noise = update.uniform("noise", tuple(x.shape))
    scale = _for_each_item(update, "scale")
    return _deviation_from_1(update, x + scale * 0.5 * x.std(correction=0) * noise)


def _for_each_item(update: Update, role: str) -> Tensor:
    x = update.real.items
    return update.uniform(role, (len(x), 1)).reshape(-1, *[1] * (x.ndim - 1))


SHIFT = 0.01
"""How far the approximations move items, by which they divide a difference of logits."""


def _approximate(update: Update, judged: Judged, role: str) -> Tensor:
    shift = (update.uniform(role, tuple(judged.items.shape)) - 0.5) * SHIFT * math.sqrt(12)
    moved = update.judge(judged.items.detach() + shift)
    return ((judged.logits - moved) / SHIFT).square().mean() / 2


def _lecam(update: Update) -> Tensor:
    real, generated = update.anchors()
    return (
        (update.real.logits - generated).relu().square().mean()
        + (real - update.generated.logits).relu().square().mean()
    )


PENALTIES: dict[str, Callable[[Update], Tensor]] = {
    "wgan-gp": _wgan_gp,
    "dragan": _dragan,
    "r1": lambda update: update.real.squared_norms().mean() / 2,
    "r2": lambda update: update.generated.squared_norms().mean() / 2,
    "approximate-r1": lambda update: _approximate(update, update.real, "realShift"),
    "approximate-r2": lambda update: _approximate(update, update.generated, "generatedShift"),
    "lecam": _lecam,
}
"""Each before its weight."""

PURPOSES = {
    "interpolation": Purpose.PENALTY_INTERPOLATION,
    "noise": Purpose.PENALTY_NOISE,
    "scale": Purpose.PENALTY_SCALE,
    "realShift": Purpose.PENALTY_REAL_SHIFT,
    "generatedShift": Purpose.PENALTY_GENERATED_SHIFT,
}
"""Which stream the numbers of a role come from."""


def enlargement(penalties: list[str]) -> float:
    """By how much these make roundings of logits larger."""
    return 1 / SHIFT if any(name.startswith("approximate-") for name in penalties) else 1
