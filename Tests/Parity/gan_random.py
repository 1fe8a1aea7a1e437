"""The random numbers of swift-gan, rebuilt in NumPy to the bit.

docs/randomness.md is the specification; this module follows it section by section. Every function
takes (seed, purpose, step) and returns elements first ... first + count - 1 of that stream.
"""

from enum import IntEnum

import numpy as np

f32 = np.float32


class Purpose(IntEnum):
    """What a random number is for; the values are part of the specification."""

    GENERATOR_INITIALISATION = 1
    DISCRIMINATOR_INITIALISATION = 2
    EPOCH_ORDER = 3
    DISCRIMINATOR_LATENTS = 4
    GENERATOR_LATENTS = 5
    PREVIEW_LATENTS = 6
    SAMPLE_LATENTS = 7
    SYNTHETIC_IMAGES = 8
    WORLD_DATA = 9
    WORLD_BATCH = 10
    STAND_IN_BATCH = 11
    EVALUATION_WORLD = 12
    EVALUATION_STAND_IN = 13
    NOISE_FLOOR = 14
    EVALUATION_LATENTS = 15
    STROKE_DIGITS = 16
    PENALTY_INTERPOLATION = 17
    PENALTY_NOISE = 18
    PENALTY_SCALE = 19
    DROPOUT = 20
    LATENT_LABELS = 21
    SPECTRAL_VECTORS = 22
    HORIZONTAL_FLIP = 23
    BRIGHTNESS = 24
    SATURATION = 25
    CONTRAST = 26
    TRANSLATION_ROWS = 27
    TRANSLATION_COLUMNS = 28
    CUTOUT_ROWS = 29
    CUTOUT_COLUMNS = 30
    NOISE = 31
    EVALUATION_SUBSETS = 32
    EVALUATION_DIRECTIONS = 33
    EVALUATION_CELLS = 34
    FEATURE_INITIALISATION = 35
    CLASSIFIER_ORDER = 36
    CLASSIFIER_SHIFT = 37
    EVALUATION_ORDER = 38
    STACKED_IMAGES = 39
    FRESH_ITEMS = 40
    PENALTY_REAL_SHIFT = 41
    PENALTY_GENERATED_SHIFT = 42
    GEOMETRY = 43
    PHOTOMETRY = 44
    AUGMENTATION_CHANCE = 45


def philox4x32(counter, key):
    """Philox4x32-10 of a counter of four arrays and a key of two integers: four uint32 arrays."""
    low = np.uint64(0xFFFFFFFF)
    c0, c1, c2, c3 = (np.asarray(c, np.uint64) for c in counter)
    k0, k1 = int(key[0]), int(key[1])
    for _ in range(10):
        p0, p1 = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
        c0, c1, c2, c3 = (
            (p1 >> np.uint64(32)) ^ c1 ^ np.uint64(k0),
            p1 & low,
            (p0 >> np.uint64(32)) ^ c3 ^ np.uint64(k1),
            p0 & low,
        )
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return tuple(c.astype(np.uint32) for c in (c0, c1, c2, c3))


def words(seed, purpose, step, count, first=0):
    """Words: uint32, `[count]`."""
    if count == 0:
        return np.empty(0, np.uint32)
    first_block, last_block = first // 4, (first + count - 1) // 4
    block = np.arange(first_block, last_block + 1, dtype=np.uint64)
    rest = [int(purpose), step & 0xFFFFFFFF, step >> 32]
    counter = [block] + [np.full(len(block), value, np.uint64) for value in rest]
    made = np.stack(philox4x32(counter, (seed & 0xFFFFFFFF, seed >> 32)), axis=1).reshape(-1)
    start = first - 4 * first_block
    return made[start : start + count]


def keys64(seed, purpose, step, count):
    """64-bit keys: uint64, `[count]`; the first word of each pair is the low half."""
    pairs = words(seed, purpose, step, 2 * count).reshape(count, 2).astype(np.uint64)
    return pairs[:, 0] | pairs[:, 1] << np.uint64(32)


def uniforms(seed, purpose, step, count, first=0):
    """Uniforms in [0, 1): float32, `[count]`."""
    return (words(seed, purpose, step, count, first) >> np.uint32(8)).astype(f32) * f32(2.0**-24)


def normals(seed, purpose, step, count, first=0):
    """Standard normals: float32, `[count]`."""
    start = first - first % 2
    padded = (first + count - start + 1) // 2 * 2
    pairs = words(seed, purpose, step, padded, start).reshape(-1, 2)
    radius = box_muller_radius(pairs[:, 0])
    cosine, sine = cosine_and_sine(pairs[:, 1])
    made = np.stack([radius * cosine, radius * sine], axis=1).reshape(-1)
    return made[first - start : first - start + count]


def permutation(seed, purpose, step, count):
    """The indices below `count` in order of (key, index): int32, `[count]`."""
    return np.argsort(keys64(seed, purpose, step, count), kind="stable").astype(np.int32)


def mixture(seed, purpose, step, count, weights, centres, extents, uniform):
    """Points of a mixture: float32, `[count, dimension]`.

    weights: `[K]`; centres and extents: `[K, dimension]`, dimension 1 or 2; uniform: `[K]`, whether
    the component is a box of half-sides `extents` and not a Gaussian of those deviations.
    """
    block = words(seed, purpose, step, 4 * count).reshape(count, 4)
    weights = np.asarray(weights, np.float64)
    cumulative = np.cumsum(weights / np.cumsum(weights)[-1])
    chosen = np.searchsorted(
        cumulative, block[:, 0].astype(np.float64) * 2.0**-32 * cumulative[-1], side="right")
    radius = box_muller_radius(block[:, 2])
    cosine, sine = cosine_and_sine(block[:, 3])
    gaussian = np.stack([radius * cosine, radius * sine], axis=1).astype(np.float64)
    box = (block[:, 2:] >> np.uint32(8)).astype(np.float64) * 2.0**-23 - 1
    offset = np.where(np.asarray(uniform)[chosen][:, None], box, gaussian)
    centres, extents = np.asarray(centres, np.float64), np.asarray(extents, np.float64)
    points = centres[chosen] + extents[chosen] * offset[:, : centres.shape[1]]
    return points.astype(f32)


def box_muller_radius(word):
    bits = ((word >> np.uint32(8)) + np.uint32(1)).astype(f32).view(np.int32)
    exponent = (bits - np.int32(0x3F3504F3)) >> np.int32(23)
    f = (bits - (exponent << np.int32(23))).view(f32) - f32(1)
    e = (exponent - np.int32(24)).astype(f32)
    p = horner(
        [0.3333333, -0.2500082, 0.20001243, -0.1662341,
         0.1420154, -0.1315955, 0.12762485, -0.076369405], f)
    square = f * f
    correction = f32(0.5) * square - (square * f) * p
    logarithm = ((f - correction) + e * f32(-2.12194440e-4)) + e * f32(0.693359375)
    return np.sqrt(f32(-2) * logarithm)


def cosine_and_sine(word):
    angle = (word >> np.uint32(8)).astype(np.int32)
    quarters = (angle + np.int32(1 << 21)) >> np.int32(22)
    y = (angle - (quarters << np.int32(22))).astype(f32) * f32(2.0**-21)
    square = y * y
    sine = horner([0.7853981, -0.08074514, 0.0024893924, -3.559398e-05], square) * y
    cosine = horner([1, -0.30842513, 0.015854282, -0.00032586313, 3.4902625e-06], square)
    turn = quarters & 3
    return (
        np.choose(turn, [cosine, -sine, -cosine, sine]),
        np.choose(turn, [sine, cosine, -sine, -cosine]),
    )


def horner(coefficients, x):
    """A polynomial, lowest order first, as c0 + x (c1 + x (c2 + ...)) in float32."""
    value = np.full_like(x, f32(coefficients[-1]))
    for coefficient in reversed(coefficients[:-1]):
        value = value * x + f32(coefficient)
    return value
