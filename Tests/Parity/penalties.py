"""What is added to the discriminator's loss: functions of its gradients, which stay differentiable."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gan_random import Purpose


@dataclass(frozen=True)
class Update:
    """What a penalty sees of a discriminator update."""

    real: Tensor
    """Real items as they are judged, `[items, ...]`, packs side by side."""
    generated: Tensor
    judge: Callable[[Tensor], Tensor]
    """The discriminator: items to logits."""
    uniform: Callable[[str, tuple[int, ...]], Tensor]
    """The recorded uniform numbers of a role, of this shape."""


def squared_norms(update: Update, items: Tensor) -> Tensor:
    """Squared norm of the gradient of the summed logits, for each item."""
    items = items.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(update.judge(items).sum(), items, create_graph=True)
    return (gradient**2).flatten(1).sum(1)


def _deviation_from_1(update: Update, items: Tensor) -> Tensor:
    return ((squared_norms(update, items).sqrt() - 1) ** 2).mean()


def _wgan_gp(update: Update) -> Tensor:
    e = update.uniform("interpolation", (len(update.real), 1))
    return _deviation_from_1(update, e * update.real + (1 - e) * update.generated)


def _dragan(update: Update) -> Tensor:
    x = update.real
    noise = update.uniform("noise", tuple(x.shape))
    scale = update.uniform("scale", (len(x), 1))
    return _deviation_from_1(update, x + scale * 0.5 * x.std(correction=0) * noise)


PENALTIES: dict[str, Callable[[Update], Tensor]] = {
    "wgan-gp": _wgan_gp,
    "dragan": _dragan,
    "r1": lambda update: squared_norms(update, update.real).mean() / 2,
    "r2": lambda update: squared_norms(update, update.generated).mean() / 2,
}
"""Each before its weight."""

PURPOSES = {
    "interpolation": Purpose.PENALTY_INTERPOLATION,
    "noise": Purpose.PENALTY_NOISE,
    "scale": Purpose.PENALTY_SCALE,
}
"""Which stream the numbers of a role come from."""
