"""Differentiable augmentation and flips: what docs/augmentation.md says, in PyTorch.

`images` are `[B, C, H, W]`; a `uniform` is `[B]`, float32. Whole numbers are made of uniforms in
float32; what happens to colours has the images' precision.
"""

from collections.abc import Callable, Collection

import torch
from torch import Tensor
from torch.nn.functional import pad

from gan_random import Purpose

Uniform = Callable[[str], Tensor]
"""The uniforms of a role, `[B]`."""

PURPOSES = {
    "brightness": Purpose.BRIGHTNESS,
    "saturation": Purpose.SATURATION,
    "contrast": Purpose.CONTRAST,
    "translationRows": Purpose.TRANSLATION_ROWS,
    "translationColumns": Purpose.TRANSLATION_COLUMNS,
    "cutoutRows": Purpose.CUTOUT_ROWS,
    "cutoutColumns": Purpose.CUTOUT_COLUMNS,
    "horizontalFlip": Purpose.HORIZONTAL_FLIP,
}
"""Which stream the numbers of a role come from."""


def augment(
    images: Tensor, names: Collection[str], uniform: Uniform, strength: float = 1
) -> Tensor:
    """The images after the augmentations named, in the order of `AUGMENTATIONS`."""
    single = torch.tensor(strength, dtype=torch.float32)
    for name, change in AUGMENTATIONS.items():
        if name in names:
            images = change(images, uniform, single)
    return images


def flip(images: Tensor, uniform: Tensor) -> Tensor:
    """The images, mirrored left to right where their uniform is below 1/2."""
    return torch.where((uniform < 0.5)[:, None, None, None], images.flip(3), images)


def _weakened(uniform: Tensor, strength: Tensor) -> Tensor:
    """Nearer to 1/2, which stands for no change; in float32."""
    return (uniform.float() - 0.5) * strength + 0.5


def _color(x: Tensor, uniform: Uniform, strength: Tensor) -> Tensor:
    def number(role: str) -> Tensor:
        return _weakened(uniform(role), strength).to(x.dtype)[:, None, None, None]

    x = x + (number("brightness") - 0.5)
    if x.shape[1] > 1:
        mean = x.mean(1, keepdim=True)
        x = (x - mean) * (2 * number("saturation")) + mean
    mean = x.mean((1, 2, 3), keepdim=True)
    return (x - mean) * (number("contrast") + 0.5) + mean


def _translation(x: Tensor, uniform: Uniform, strength: Tensor) -> Tensor:
    reach = [(extent + 4) // 8 for extent in x.shape[2:]]
    roles = ("translationRows", "translationColumns")
    down, right = (
        _below(2 * r + 1, _weakened(uniform(role), strength)) - r
        for r, role in zip(reach, roles)
    )
    # Each image is a window of itself with zeros around it.
    wide = pad(x, (reach[1], reach[1], reach[0], reach[0]))
    rows = _range(x.shape[2]) + reach[0] - down[:, None]
    columns = _range(x.shape[3]) + reach[1] - right[:, None]
    pixels = wide.permute(0, 2, 3, 1)[
        _range(len(x))[:, None, None], rows[:, :, None], columns[:, None, :]]
    return pixels.permute(0, 3, 1, 2)


def _cutout(x: Tensor, uniform: Uniform, strength: Tensor) -> Tensor:
    def covered(role: str, extent: int) -> Tensor:
        largest = (extent + 1) // 2
        size = int(strength * largest + 0.5)
        first = _below(extent + 1 - largest % 2, uniform(role))[:, None] - size // 2
        place = _range(extent)
        return (place >= first) & (place < first + size)

    rows, columns = covered("cutoutRows", x.shape[2]), covered("cutoutColumns", x.shape[3])
    return x.masked_fill((rows[:, :, None] & columns[:, None, :])[:, None], 0)


AUGMENTATIONS = {"color": _color, "translation": _translation, "cutout": _cutout}


def _below(count: int, uniform: Tensor) -> Tensor:
    """Whole numbers below `count`, an equal share of the uniforms for each."""
    return (uniform.float() * count).floor().long()


def _range(count: int) -> Tensor:
    return torch.arange(count)
