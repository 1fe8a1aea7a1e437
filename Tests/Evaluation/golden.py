#!/usr/bin/env python3
"""Prints the golden values of Tests/GANStatisticsTests, or writes its fixture metrics.json.

    golden.py             what GoldenMetricTests.swift states
    golden.py FILE.json   values of other shapes, for MetricFixtureTests.swift

Needs numpy and scipy; tests do not.
"""

import json
import sys

import numpy as np

import definitions as define


def features(a, b, offset, count=200, dimension=4):
    """Repeated in Swift by GoldenFeatures."""
    i, j = np.arange(1.0, count + 1)[:, None], np.arange(float(dimension))
    return np.sin(a * i * (j + 1)) + b * np.cos(0.37 * i + j) + offset


def directions(dimension):
    k, j = np.arange(16.0)[:, None], np.arange(float(dimension))
    return np.sin((k + 1) * (j + 1) * 0.7) + 0.3


def values(real, generated):
    """Every metric of two sets."""
    density, coverage = define.density_coverage(real, generated)
    precision, recall = define.precision_recall(real, generated)
    first, second, infinite = define.vendi(generated)
    found = {
        "frechetDistance": define.frechet_distance(real, generated),
        "precision": precision,
        "recall": recall,
        "density": density,
        "coverage": coverage,
        "clippedDensity": define.clipped_density(real, generated),
        "clippedCoverage": define.clipped_coverage(real, generated),
        "rarity": define.rarity(real, generated),
        "probabilisticPrecision": define.probabilistic(generated, real),
        "probabilisticRecall": define.probabilistic(real, generated),
        "vendi": first,
        "vendiSecond": second,
        "vendiInfinite": infinite,
        "authenticity": define.authenticity(generated, real),
        "equalPairs": define.equal_pairs(generated, 0.2),
    }
    if len(real) == len(generated):
        found["kernelDistance"] = define.kernel_distance(real, generated)
        sliced = define.sliced(real, generated, directions(real.shape[1]))
        found["mind"], found["slicedFirst"], found["slicedSecond"] = sliced
    return found


def golden():
    real, generated = features(0.10, 0.5, 0), features(0.13, 0.7, 0.1)
    for name, value in values(real, generated).items():
        print(f"{name:24} {value!r}")
    for k in (3, 5):
        print(f"k={k}", define.precision_recall(real, generated, k), end=" ")
        print(define.density_coverage(real, generated, k))
    print("vendi of the real set", define.vendi(real)[0])
    print("classifier score", define.classifier_score(3 * features(0.21, 1.3, 0, 200, 10)))
    print("statistic of copies", define.mann_whitney(np.zeros(80), np.ones(80)))


# Of the real and the generated set, and features: unequal numbers, more features than items, items
# of more than one block of the program's, many features.
SHAPES = [(200, 200, 4), (150, 90, 7), (24, 31, 40), (300, 300, 33), (1100, 700, 12), (130, 130, 128)]


def fixture(path):
    cases = []
    for real_count, generated_count, dimension in SHAPES:
        real = features(0.10, 0.5, 0, real_count, dimension)
        generated = features(0.13, 0.7, 0.1, generated_count, dimension)
        # The generated set of a shape copies a third of the real one.
        for share in (0, 3):
            copied = generated.copy()
            if share:
                copied[::share] = real[: len(copied[::share])]
            found = {name: float(value) for name, value in values(real, copied).items()}
            cases.append(
                {
                    "realCount": real_count,
                    "generatedCount": generated_count,
                    "dimension": dimension,
                    "copiedStride": share,
                    "values": {name: value for name, value in found.items() if np.isfinite(value)},
                }
            )
    with open(path, "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    fixture(sys.argv[1]) if len(sys.argv) > 1 else golden()
