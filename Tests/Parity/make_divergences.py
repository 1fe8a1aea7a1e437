"""Makes Tests/GANStatisticsTests/Fixtures/divergences.json; divergences are in nats.

    python3 Tests/Parity/make_divergences.py

Each divergence of densities comes from two quadratures that share nothing but the densities, and
the script fails where they differ. None of them is the adaptive one that the fixture judges: on
the line, the trapezoidal rule and SciPy's QUADPACK; in the plane, Gauss-Legendre in polar
coordinates over one sixteenth of the ring, which has no kinks inside, and the trapezoidal rule
over a square. Samples are rebuilt from their seed and judged by SciPy's distribution
functions. Needs NumPy and SciPy.
"""

import json
from pathlib import Path

import numpy as np
from scipy import integrate, stats
from scipy.spatial.distance import jensenshannon
from scipy.special import logsumexp

import gan_random

# What the two quadratures may differ by, relative to values above 1.
AGREEMENT = 1e-9


def log_normal(x, mean, deviation):
    return -0.5 * ((x - mean) / deviation) ** 2 - np.log(deviation * np.sqrt(2 * np.pi))


def log_mixture(x, components):
    """Components are (weight, mean, deviation)."""
    return logsumexp([np.log(w) + log_normal(x, m, s) for w, m, s in components], axis=0)


def terms(log_p, log_q):
    """The integrands of JSD, KL(P || Q) and KL(Q || P)."""
    log_m = np.logaddexp(log_p, log_q) - np.log(2)
    p, q = np.exp(log_p), np.exp(log_q)
    return (
        (p * (log_p - log_m) + q * (log_q - log_m)) / 2,
        p * (log_p - log_q),
        q * (log_q - log_p),
    )


def on_the_line(p, q):
    x = np.linspace(-25, 25, 200_001)
    first = [np.sum(term) * (x[1] - x[0]) for term in terms(log_mixture(x, p), log_mixture(x, q))]
    second = [
        sum(
            integrate.quad(
                lambda x: terms(log_mixture(x, p), log_mixture(x, q))[index],
                lower, lower + 1, epsabs=1e-14, epsrel=1e-12)[0]
            for lower in range(-25, 25))
        for index in range(3)
    ]
    return first, second


def log_ring(x, y, radius, deviation):
    angles = 2 * np.pi * np.arange(8) / 8
    return logsumexp(
        [log_normal(x, radius * np.cos(a), deviation) + log_normal(y, radius * np.sin(a), deviation)
         for a in angles], axis=0) - np.log(8)


def log_broad(x, y, deviation):
    return log_normal(x, 0, deviation) + log_normal(y, 0, deviation)


def composite_gauss(edges, order=12):
    """Points and weights of Gauss-Legendre rules between neighbouring edges."""
    x, w = np.polynomial.legendre.leggauss(order)
    half = np.diff(edges)[:, None] / 2
    return ((edges[:-1, None] + half) + half * x).ravel(), (half * w).ravel()


def in_polar_coordinates(radius, deviation, broad):
    # From a mode's own direction to half-way to the next: the ring is 16 copies of that.
    fine = radius + deviation * np.linspace(-12, 12, 97)
    outside = np.linspace(fine[-1], max(9 * broad, fine[-1] + 1), 200)
    # Every mode is as near at the origin, so that is a place of its own scale.
    start = deviation**2 / radius * np.geomspace(0.01, 300, 60)
    inside = np.linspace(0, max(fine[0], 0), 200)
    edges = np.unique(np.concatenate([inside, start[start < radius], fine[fine > 0], outside]))
    near = np.minimum(12 * deviation / radius, np.pi / 8)
    angles = np.unique(np.concatenate([np.linspace(0, near, 49), np.linspace(near, np.pi / 8, 49)]))
    # Half-way between modes the density turns from one to the other within deviation^2.
    seam = np.pi / 8 - np.geomspace(1e-7, np.pi / 9, 60)
    angles = np.unique(np.concatenate([angles, seam[seam > 0]]))
    a, a_weights = composite_gauss(angles)
    r, r_weights = composite_gauss(edges)
    sums = np.zeros(3)
    for rows in np.array_split(np.arange(len(r)), 40):
        x, y = np.outer(r[rows], np.cos(a)), np.outer(r[rows], np.sin(a))
        weights = 16 * np.outer(r_weights[rows] * r[rows], a_weights)
        log_p, log_q = log_ring(x, y, radius, deviation), log_broad(x, y, broad)
        sums += [np.sum(weights * term) for term in terms(log_p, log_q)]
    return list(sums)


def over_a_square(radius, deviation, broad):
    """All three over the whole plane; for rings wide enough to be resolved there."""
    x = np.arange(-9 * broad, 9 * broad, deviation / 32)
    sums = np.zeros(3)
    for rows in np.array_split(x, 100):
        grid = np.meshgrid(rows, x, indexing="ij")
        found = terms(log_ring(*grid, radius, deviation), log_broad(*grid, broad))
        sums += [np.sum(term) * (deviation / 32) ** 2 for term in found]
    return list(sums)


def around_one_mode(radius, deviation, broad):
    """JSD and KL(P || Q) of a ring so narrow that all but q's mass is within 12 deviations.

    The integral of q log(2 q / (p + q)) is log 2 plus that of q log(q / (p + q)), and the latter
    vanishes away from the modes.
    """
    offsets = np.arange(-12, 12, 1 / 64) * deviation
    x, y = np.meshgrid(radius + offsets, offsets, indexing="ij")
    log_p, log_q = log_ring(x, y, radius, deviation), log_broad(x, y, broad)
    log_sum = np.logaddexp(log_p, log_q)
    p, q = np.exp(log_p), np.exp(log_q)
    cell = 8 * (deviation / 64) ** 2
    jsd = np.log(2) + np.sum(p * (log_p - log_sum) + q * (log_q - log_sum)) * cell / 2
    return [jsd, np.sum(p * (log_p - log_q)) * cell]


def densities():
    two = [(0.5, -2, 0.5), (0.5, 2, 0.5)]
    cases = {
        "normal, shifted": on_the_line([(1, 0, 1)], [(1, 1, 1)]),
        "two, one": on_the_line(two, [(1, 0, 1.5)]),
        "ring 0.3, broad": (in_polar_coordinates(2, 0.3, 2), over_a_square(2, 0.3, 2)),
        "ring 0.02, broad": (in_polar_coordinates(2, 0.02, 2), around_one_mode(2, 0.02, 2)),
    }
    values = {}
    for name, (first, second) in cases.items():
        for one, other in zip(first, second):
            assert abs(one - other) <= AGREEMENT * max(1, abs(one)), (name, first, second)
        values[name] = dict(zip(["jensenShannon", "klOfPFromQ", "klOfQFromP"], map(float, first)))
        print(name, first, np.subtract(first[: len(second)], second))
    return values


def discrete():
    p, uniform = np.array([0.1, 0.2, 0.3, 0.4]), np.full(4, 0.25)
    return {
        "jensenShannonBits": float(jensenshannon(p, uniform, base=2) ** 2),
        "klBits": float(stats.entropy(p, uniform, base=2)),
    }


# A Gaussian, one that is never drawn, and a box, as `mixture` in gan_random takes them.
PIECES = ([3, 0, 2], [[0.5, -1], [9, 9], [2, 3]], [[0.25, 0.5], [1, 1], [0.5, 1]], [0, 0, 1])


def drawn(purpose, count, components, seed=3):
    return gan_random.mixture(seed, purpose, 0, count, *components)


def of_samples(count=500):
    """A known Gaussian against samples of another, both in the plane."""
    judged = drawn(
        gan_random.Purpose.EVALUATION_STAND_IN, count, ([1], [[0.5, 0]], [[0.75, 0.75]], [0]))

    edges = np.concatenate([[-np.inf], np.linspace(-2, 2, 11), [np.inf]])
    masses = np.outer(*[np.diff(stats.norm.cdf(edges, 0, s)) for s in (1, 0.5)])
    counts = np.histogram2d(*judged.T, bins=[edges, edges])[0]
    return {
        "histogramJensenShannon":
            float(jensenshannon(masses.ravel(), counts.ravel() / count) ** 2),
    }


def main():
    fixture = {
        "densities": densities(),
        "discrete": discrete(),
        "ofSamples": of_samples(),
        "mixture": drawn(gan_random.Purpose.WORLD_DATA, 40, PIECES)
        .view(np.uint32).ravel().tolist(),
    }
    path = Path(__file__).parent.parent / "GANStatisticsTests" / "Fixtures" / "divergences.json"
    path.write_text(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main()
