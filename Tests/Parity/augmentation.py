"""Augmentation and flips: what docs/augmentation.md says, in PyTorch.

`images` are `[B, C, H, W]`; the `numbers` of a role are `[B]`, float32. Whole numbers and chances are
made of them in float32; what happens to colours and places has the images' precision.
"""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

import gan_random
from gan_random import Purpose

Numbers = Callable[[str], Tensor]
"""The random numbers of a role, `[B]`."""


@dataclass(frozen=True)
class Stream:
    """Where the numbers of a role come from."""

    purpose: Purpose
    number: int = 0
    """Its place among those of the purpose."""
    is_normal: bool = False

    def drawn(self, seed: int, step: int, count: int) -> np.ndarray:
        """The numbers for an application of a network in an update, float32."""
        draw = gan_random.normals if self.is_normal else gan_random.uniforms
        return draw(seed, self.purpose, step + (self.number << 43), count)


def _numbered(kind: str, purpose: Purpose, names: str, normal: str = "") -> dict[str, Stream]:
    return {
        f"{kind}.{name}": Stream(purpose, number, name in normal.split())
        for number, name in enumerate(names.split())
    }


STREAMS = {
    "brightness": Stream(Purpose.BRIGHTNESS),
    "saturation": Stream(Purpose.SATURATION),
    "contrast": Stream(Purpose.CONTRAST),
    "translationRows": Stream(Purpose.TRANSLATION_ROWS),
    "translationColumns": Stream(Purpose.TRANSLATION_COLUMNS),
    "cutoutRows": Stream(Purpose.CUTOUT_ROWS),
    "cutoutColumns": Stream(Purpose.CUTOUT_COLUMNS),
    "horizontalFlip": Stream(Purpose.HORIZONTAL_FLIP),
    **_numbered(
        "geometry", Purpose.GEOMETRY,
        "mirror quarterTurns shiftRows shiftColumns scale firstRotation stretch secondRotation "
        "offsetRows offsetColumns", "scale stretch offsetRows offsetColumns"),
    **_numbered(
        "photometry", Purpose.PHOTOMETRY, "brightness contrast lumaFlip hue saturation",
        "brightness contrast saturation"),
    **_numbered(
        "chance", Purpose.AUGMENTATION_CHANCE,
        "color translation cutout mirror quarterTurns shift scale firstRotation stretch "
        "secondRotation offset brightness contrast lumaFlip hue saturation"),
}


@dataclass(frozen=True)
class Draws:
    """The numbers of an application, their strength, and the probability of each change."""

    numbers: Numbers
    strength: Tensor
    probability: Tensor | None
    """None where every change happens."""

    def weakened(self, role: str) -> Tensor:
        """Uniforms nearer to 1/2, which stands for no change; in float32."""
        return (self.numbers(role).float() - 0.5) * self.strength + 0.5

    def deviation(self, role: str) -> Tensor:
        return (self.numbers(role).float() - 0.5) * self.strength

    def normal(self, role: str) -> Tensor:
        return self.numbers(role).float() * self.strength

    def sign(self, role: str) -> Tensor:
        return torch.where(self.numbers(role).float() < self.strength * 0.5, -1.0, 1.0)

    def happens(self, change: str) -> Tensor | None:
        """Which images a change happens to, `[B]`; None for all."""
        if self.probability is None:
            return None
        probability = self.probability
        if change.endswith("Rotation"):
            probability = 1 - (1 - probability).sqrt()
        return self.numbers(f"chance.{change}").float() < probability

    def chosen(self, change: str, changed: Tensor, unchanged: float = 0) -> Tensor:
        """Numbers of the images that a change happens to, and one for all others."""
        happens = self.happens(change)
        return changed if happens is None else torch.where(happens, changed, unchanged)


def augment(
    images: Tensor, names: Collection[str], numbers: Numbers, strength: float = 1,
    probability: float | Tensor | None = None,
) -> Tensor:
    """The images after the augmentations named, in the order of `AUGMENTATIONS`."""
    draws = Draws(
        numbers, torch.tensor(strength, dtype=torch.float32),
        None if probability is None else torch.as_tensor(probability, dtype=torch.float32))
    for name, change in AUGMENTATIONS.items():
        if name in names:
            images = change(images, draws)
    return images


def flip(images: Tensor, uniform: Tensor) -> Tensor:
    """The images, mirrored left to right where their uniform is below 1/2."""
    return torch.where((uniform < 0.5)[:, None, None, None], images.flip(3), images)


def _geometry(x: Tensor, draws: Draws) -> Tensor:
    height, width = x.shape[2:]
    ones = torch.ones(len(x), dtype=x.dtype)

    def chosen(change: str, values: Tensor, unchanged: float = 0) -> Tensor:
        return draws.chosen(change, values, unchanged).to(x.dtype)

    def linear(rows: tuple[Tensor, Tensor], columns: tuple[Tensor, Tensor]) -> Tensor:
        return torch.stack([torch.stack(rows, 1), torch.stack(columns, 1)], 1)

    def scaling(rows: Tensor, columns: Tensor) -> Tensor:
        return linear((rows, 0 * ones), (0 * ones, columns))

    def turning(cosine: Tensor, sine: Tensor) -> Tensor:
        return linear((cosine, -sine), (sine, cosine))

    def rotation(role: str) -> Tensor:
        angle = 2 * math.pi * chosen(role, draws.deviation(f"geometry.{role}"))
        return turning(angle.cos(), angle.sin())

    u = draws.weakened("geometry.quarterTurns")
    quarters = (u * 4 + 0.5).floor() - 2 if height == width else 2 * (u * 2 + 0.5).floor() - 2
    quarters = chosen("quarterTurns", quarters).long() % 4
    shift_happens = draws.happens("shift")
    offset_happens = draws.happens("offset")

    def where(happens: Tensor | None, values: Tensor) -> Tensor:
        return (values if happens is None else torch.where(happens, values, 0)).to(x.dtype)

    shift = [
        where(shift_happens, _distances(draws.weakened(f"geometry.shift{axis}"), extent))
        for axis, extent in (("Rows", height), ("Columns", width))
    ]
    offset = [
        where(offset_happens, draws.normal(f"geometry.offset{axis}")) * 0.125 * extent
        for axis, extent in (("Rows", height), ("Columns", width))
    ]
    scale = 2 ** (0.2 * chosen("scale", draws.normal("geometry.scale")))
    stretch = 2 ** (0.2 * chosen("stretch", draws.normal("geometry.stretch")))
    mirror = chosen("mirror", draws.sign("geometry.mirror"), 1)
    # From places in the result back to places in the image: the last change is undone first.
    y = (_range(height) - (height - 1) / 2).to(x.dtype)[:, None].expand(height, width)
    z = (_range(width) - (width - 1) / 2).to(x.dtype)[None, :].expand(height, width)
    places = torch.stack([y.flatten(), z.flatten()]).expand(len(x), 2, -1)
    places = places - torch.stack(offset, 1)[:, :, None]
    places = rotation("secondRotation") @ places
    places = scaling(stretch, 1 / stretch) @ places
    places = rotation("firstRotation") @ places
    places = scaling(1 / scale, 1 / scale) @ places
    places = places - torch.stack(shift, 1)[:, :, None]
    places = turning(
        torch.tensor([1, 0, -1, 0], dtype=x.dtype)[quarters],
        torch.tensor([0, 1, 0, -1], dtype=x.dtype)[quarters]) @ places
    places = scaling(ones, mirror) @ places
    rows = _reflected(places[:, 0] + (height - 1) / 2, height)
    columns = _reflected(places[:, 1] + (width - 1) / 2, width)
    return _between(x, rows, columns).reshape(x.shape)


def _reflected(place: Tensor, extent: int) -> Tensor:
    """Where a place is in the image, mirrored at the middles of the outermost pixels."""
    last = extent - 1
    if last == 0:
        return 0 * place
    place = place.abs() % (2 * last)
    return torch.where(place > last, 2 * last - place, place)


def _between(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The images at places between pixels, `[B, N]`, bilinearly: `[B, C, N]`."""
    image = _range(len(x))[:, None]
    pixels = x.permute(0, 2, 3, 1)
    top, left = rows.floor().long(), columns.floor().long()
    bottom, right = (top + 1).clamp(max=x.shape[2] - 1), (left + 1).clamp(max=x.shape[3] - 1)
    down, across = (rows - top)[:, :, None], (columns - left)[:, :, None]
    upper = pixels[image, top, left] * (1 - across) + pixels[image, top, right] * across
    lower = pixels[image, bottom, left] * (1 - across) + pixels[image, bottom, right] * across
    return (upper * (1 - down) + lower * down).permute(0, 2, 1)


def _photometry(x: Tensor, draws: Draws) -> Tensor:
    def number(change: str, values: Tensor, unchanged: float = 0) -> Tensor:
        return draws.chosen(change, values, unchanged).to(x.dtype)[:, None, None, None]

    x = x + 0.2 * number("brightness", draws.normal("photometry.brightness"))
    x = x * 2 ** (0.5 * number("contrast", draws.normal("photometry.contrast")))
    luma = x.mean(1, keepdim=True)
    h = x - luma
    luma = luma * number("lumaFlip", draws.sign("photometry.lumaFlip"), 1)
    if x.shape[1] == 1:
        return luma
    angle = 2 * math.pi * number("hue", draws.deviation("photometry.hue"))
    # The cross product of the luma's axis with a colour.
    across = (h.roll(1, 1) - h.roll(-1, 1)) / math.sqrt(3)
    h = h * angle.cos() + across * angle.sin()
    return luma + h * 2 ** number("saturation", draws.normal("photometry.saturation"))


def _color(original: Tensor, draws: Draws) -> Tensor:
    def number(role: str) -> Tensor:
        return draws.weakened(role).to(original.dtype)[:, None, None, None]

    x = original + (number("brightness") - 0.5)
    if x.shape[1] > 1:
        mean = x.mean(1, keepdim=True)
        x = (x - mean) * (2 * number("saturation")) + mean
    mean = x.mean((1, 2, 3), keepdim=True)
    return _where("color", draws, (x - mean) * (number("contrast") + 0.5) + mean, original)


def _translation(x: Tensor, draws: Draws) -> Tensor:
    reach = [_reach(extent) for extent in x.shape[2:]]
    down = _distances(draws.weakened("translationRows"), x.shape[2])
    right = _distances(draws.weakened("translationColumns"), x.shape[3])
    # Each image is a window of itself with zeros around it.
    wide = pad(x, (reach[1], reach[1], reach[0], reach[0]))
    rows = _range(x.shape[2]) + reach[0] - down[:, None]
    columns = _range(x.shape[3]) + reach[1] - right[:, None]
    pixels = wide.permute(0, 2, 3, 1)[
        _range(len(x))[:, None, None], rows[:, :, None], columns[:, None, :]]
    return _where("translation", draws, pixels.permute(0, 3, 1, 2), x)


def _cutout(x: Tensor, draws: Draws) -> Tensor:
    def covered(role: str, extent: int) -> Tensor:
        largest = (extent + 1) // 2
        size = int(draws.strength * largest + 0.5)
        first = _below(extent + 1 - largest % 2, draws.numbers(role))[:, None] - size // 2
        place = _range(extent)
        return (place >= first) & (place < first + size)

    rows, columns = covered("cutoutRows", x.shape[2]), covered("cutoutColumns", x.shape[3])
    cut = x.masked_fill((rows[:, :, None] & columns[:, None, :])[:, None], 0)
    return _where("cutout", draws, cut, x)


def enlargement(names: Collection[str], shape: list[int]) -> float:
    """By how much these make roundings larger: the places that geometry looks at, whose fractions
    become factors of pixels, are on average half the side of the images `[C, H, W]`."""
    return max(shape[1:]) / 2 if "geometry" in names else 1


AUGMENTATIONS = {
    "geometry": _geometry, "photometry": _photometry, "color": _color,
    "translation": _translation, "cutout": _cutout,
}


def _where(change: str, draws: Draws, changed: Tensor, unchanged: Tensor) -> Tensor:
    """The images that a change happens to, changed, and the others."""
    happens = draws.happens(change)
    if happens is None:
        return changed
    return torch.where(happens[:, None, None, None], changed, unchanged)


def _reach(extent: int) -> int:
    """An eighth, rounded half up."""
    return (extent + 4) // 8


def _distances(uniform: Tensor, extent: int) -> Tensor:
    """Whole numbers of pixels, as likely as their negatives."""
    return _below(2 * _reach(extent) + 1, uniform) - _reach(extent)


def _below(count: int, uniform: Tensor) -> Tensor:
    """Whole numbers below `count`, an equal share of the uniforms for each."""
    return (uniform.float() * count).floor().long()


def _range(count: int) -> Tensor:
    return torch.arange(count)
