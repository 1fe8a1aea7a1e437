"""What is added to the discriminator's loss: functions of its gradients, all differentiable."""

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


PENALTIES: dict[str, Callable[[Update], Tensor]] = {
    "wgan-gp": _wgan_gp,
    "dragan": _dragan,
    "r1": lambda update: update.real.squared_norms().mean() / 2,
    "r2": lambda update: update.generated.squared_norms().mean() / 2,
}
"""Each before its weight."""

PURPOSES = {
    "interpolation": Purpose.PENALTY_INTERPOLATION,
    "noise": Purpose.PENALTY_NOISE,
    "scale": Purpose.PENALTY_SCALE,
}
"""Which stream the numbers of a role come from."""
