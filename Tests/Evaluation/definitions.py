"""The metrics of gan evaluate, from their definitions, in NumPy and double precision.

Plain and quadratic in memory: what the tests judge the program by. Features are arrays
[count, dimension], real first, generated second.
"""

import numpy as np


def squared_distances(x, y):
    """Of every row of x from every row of y, by differences: nothing cancels."""
    return np.array([((row - y) ** 2).sum(1) for row in x])


def frechet_distance(real, generated):
    """|m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2), the last as a nuclear norm."""
    centred = [(x - x.mean(0)) / np.sqrt(len(x) - 1) for x in (real, generated)]
    r1, r2 = (np.linalg.qr(x, mode="r") for x in centred)
    common = np.linalg.svd(r1 @ r2.T, compute_uv=False).sum()
    spread = sum((x**2).sum() for x in centred) - 2 * common
    return ((real.mean(0) - generated.mean(0)) ** 2).sum() + spread


def kernel_distance(real, generated):
    """The unbiased estimate of one block: all of both sets, of the same size."""
    m, d = real.shape

    def kernel(x, y):
        return (x @ y.T / d + 1) ** 3

    xx, yy = kernel(real, real), kernel(generated, generated)
    within = xx.sum() - np.trace(xx) + yy.sum() - np.trace(yy)
    return within / (m * (m - 1)) - 2 * kernel(real, generated).sum() / m**2


def sliced(real, generated, directions):
    """MIND, and the sliced Wasserstein distances of orders 1 and 2."""
    u = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    difference = np.sort(real @ u.T, axis=0) - np.sort(generated @ u.T, axis=0)
    squares = (difference**2).mean()
    return 3 * real.shape[1] * squares, np.abs(difference).mean(), np.sqrt(squares)


def neighbour_squares(x, k):
    """Squared distances to the k nearest others, nearest first."""
    squares = squared_distances(x, x)
    np.fill_diagonal(squares, np.inf)
    return np.sort(squares, axis=1)[:, :k]


def precision_recall(real, generated, k=3):
    """Balls with their rims."""
    squares = squared_distances(real, generated)
    radii = neighbour_squares(real, k)[:, -1:], neighbour_squares(generated, k)[:, -1]
    return (squares <= radii[0]).any(0).mean(), (squares <= radii[1]).any(1).mean()


def density_coverage(real, generated, k=5):
    """Balls without their rims."""
    inside = squared_distances(real, generated) < neighbour_squares(real, k)[:, -1:]
    return inside.sum() / (k * len(generated)), inside.any(1).mean()


def rarity(real, generated, k=3):
    """The mean least radius of a real ball that holds a generated item; NaN where none does."""
    radii = neighbour_squares(real, k)[:, -1:]
    within = squared_distances(real, generated) <= radii
    least = np.where(within, radii, np.inf).min(0)
    return np.sqrt(least[least < np.inf]).mean()


def clipped_density(real, generated, k=5):
    squares = squared_distances(real, real)
    np.fill_diagonal(squares, np.inf)
    order = np.argsort(squares, axis=1, kind="stable")[:, :k]
    radii = np.take_along_axis(squares, order, 1)[:, -1]
    # A radius stays what it is: the root of a square, squared again, may be less.
    low, high = np.sort(radii)[[(len(radii) - 1) // 2, len(radii) // 2]]
    median = low if low == high else ((np.sqrt(low) + np.sqrt(high)) / 2) ** 2
    clipped = np.minimum(radii, median)
    counts = np.zeros(len(real))
    for item, near in enumerate(order):
        counts[near[squares[item, near] <= clipped[item]]] += 1
    within = squared_distances(real, generated) <= clipped[:, None]
    raw = np.minimum(within.sum(0) / k, 1).mean()
    return min(1, raw / np.minimum(counts / k, 1).mean())


def expected_coverage(m, real_count, k):
    """E[min(J, k)] / k of J ~ BetaBinomial(m; k, N - k), 0 below k."""
    from scipy.stats import betabinom

    if m < k:
        return 0.0
    below = betabinom.pmf(np.arange(k), m, k, real_count - k)
    return 1 - ((k - np.arange(k)) * below).sum() / k


def clipped_coverage(real, generated, k=5):
    inside = squared_distances(real, generated) < neighbour_squares(real, k)[:, -1:]
    raw = (np.minimum(inside.sum(1), k) / k).mean()
    count = len(generated)
    reached = [m for m in range(count + 1) if expected_coverage(m, len(real), k) >= raw]
    return min(reached, default=count + 1) / (count + 1)


def probabilistic(queries, base, k=4, factor=1.2):
    """P-precision of (generated, real), P-recall of (real, generated)."""
    reach = factor * np.sqrt(neighbour_squares(base, k)[:, -1]).mean()
    distances = np.sqrt(squared_distances(queries, base))
    return (1 - np.minimum(distances / reach, 1).prod(1)).mean()


def classifier_score(logits, splits=10):
    """The mean over consecutive splits, and their deviation."""
    shifted = logits - logits.max(1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    p = np.exp(log_p)
    values = []
    for split in range(splits):
        part = slice(len(p) * split // splits, len(p) * (split + 1) // splits)
        mean = p[part].mean(0)
        values.append(np.exp((p[part] * (log_p[part] - np.log(mean))).sum(1).mean()))
    return np.mean(values), np.std(values)


def vendi(features):
    """Of orders 1, 2 and infinity, from the cosine similarities themselves."""
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    values = np.clip(np.linalg.eigvalsh(unit @ unit.T / len(unit)), 1e-300, None)
    values = values[values > 1e-15]
    return np.exp(-(values * np.log(values)).sum()), 1 / (values**2).sum(), 1 / values.max()


def authenticity(generated, training):
    """Percent of generated items further from their nearest training item than that from its own."""
    squares = squared_distances(generated, training)
    own = neighbour_squares(training, 1)[:, 0]
    return 100 * (squares.min(1) > own[squares.argmin(1)]).mean()


def mann_whitney(numbers, others):
    """The statistic of the copying test."""
    first, second = np.asarray(numbers)[:, None], np.asarray(others)
    wins = (first > second).sum() + (first == second).sum() / 2
    m, n = len(numbers), len(others)
    return (wins - (m * n / 2 - 0.5)) / np.sqrt(m * n * (m + n + 1) / 12)


def equal_pairs(features, distance):
    """Pairs at most so far apart."""
    squares = squared_distances(features, features)
    return int((squares[np.triu_indices(len(features), 1)] <= distance**2).sum())
