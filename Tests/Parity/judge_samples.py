#!/usr/bin/env python3
"""Judges what `gan sample --output samples.npy` drew, by the eyes of a classifier in PyTorch.

The classifier learns the real training images, is tested on the real test images, and then reads
the samples: how sure it is, how often it sees each class and, where classes were asked for, how
often it sees the one asked for. Exits with 1 where that is less than good samples of MNIST give.
"""

import argparse
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from mnist_classifier import (
    CLASSES, LEARNED, Images, classifier, normalised, probabilities, trained,
)

CONFIDENCE = 0.9
"""The mean of the greatest probability, over all samples; real test images give 0.986."""
LEAST_SHARE, GREATEST_SHARE = 0.04, 0.20
"""Of all samples, for every class; none of ten may be missing or crowd out the others."""
ASKED_SEEN = 0.9
"""Share, in each class, of samples that are read as the class asked for."""

IMAGE_SHAPE = (1, 28, 28)


class SamplesError(ValueError):
    """Samples that cannot be judged; the text says why."""


@dataclass(frozen=True)
class Finding:
    """A figure, and whether it is what is wanted of it."""

    text: str
    wanted: str
    good: bool

    def line(self, judged: bool) -> str:
        """The figure alone, or with the verdict."""
        verdict = f", wanted {self.wanted}: {'good' if self.good else 'FAILED'}"
        return self.text + verdict * judged


@dataclass(frozen=True)
class Reading:
    """What a classifier takes images for: probabilities `[N, 10]`."""

    probabilities: Tensor

    def classes(self) -> Tensor:
        return self.probabilities.argmax(1)

    def confidence(self) -> float:
        """The mean of the greatest probability."""
        return float(self.probabilities.max(1).values.mean())

    def shares(self) -> list[float]:
        """How often each class is seen, of 1."""
        counts = torch.bincount(self.classes(), minlength=CLASSES)
        return (counts / len(self.probabilities)).tolist()

    def agreement(self, classes: Tensor) -> float:
        """The share of images that are read as their one of `classes`."""
        return float((self.classes() == classes).float().mean())

    def agreement_by_class(self, classes: Tensor) -> dict[int, float]:
        """The same, among the images of each class that is in `classes`."""
        right = self.classes() == classes
        return {each: float(right[classes == each].float().mean())
                for each in classes.unique().tolist()}


def read_samples(path: Path) -> Tensor:
    """Normalised samples `[N, 1, 28, 28]` of a file with values in [-1, 1]."""
    try:
        samples = np.load(path)
    except (EOFError, ValueError, zipfile.BadZipFile) as error:
        raise SamplesError(f"{path}: not an array of numbers: {error}") from error
    if not isinstance(samples, np.ndarray) or samples.dtype != np.float32:
        raise SamplesError(f"{path}: not one array of float32")
    if samples.shape[1:] != IMAGE_SHAPE or len(samples) == 0:
        raise SamplesError(f"{path}: {list(samples.shape)} where [N, 1, 28, 28] is read")
    if not np.abs(samples).max() <= 1:
        raise SamplesError(f"{path}: values outside [-1, 1], or not numbers")
    return normalised((torch.from_numpy(samples) + 1) / 2)


def each_class(count: int, classes: list[int]) -> Tensor:
    """The classes `gan sample --label each` drew: all samples of one, then of the next."""
    if count % len(classes) != 0:
        raise SamplesError(f"{count} samples are not as many of each of {len(classes)} classes")
    return torch.tensor(classes).repeat_interleave(count // len(classes))


def class_list(text: str) -> list[int]:
    """Classes of MNIST: `3,8`, or all of them as `each`."""
    if text == "each":
        return list(range(CLASSES))
    classes = sorted({int(part) for part in text.split(",")})
    if not all(0 <= each < CLASSES for each in classes):
        raise argparse.ArgumentTypeError(f"{text}: classes are 0 to {CLASSES - 1}")
    return classes


def findings(samples: Reading, asked: Tensor | None) -> list[Finding]:
    """All that is asked of samples; of what was `asked` for only where it is known."""
    confidence, shares = samples.confidence(), samples.shares()
    few = asked is not None and len(asked.unique()) < CLASSES
    found = [
        Finding(f"mean confidence {confidence:.4f}", f"{CONFIDENCE:g}", confidence >= CONFIDENCE),
    ]
    if not few:
        found.append(Finding(f"classes between {min(shares):.1%} and {max(shares):.1%}",
                             f"{LEAST_SHARE:.0%} to {GREATEST_SHARE:.0%}",
                             LEAST_SHARE <= min(shares) and max(shares) <= GREATEST_SHARE))
    if asked is not None:
        least = min(samples.agreement_by_class(asked).values())
        found.append(Finding(f"class asked for in {samples.agreement(asked):.1%}, "
                             f"{least:.1%} of the worst class",
                             f"{ASKED_SEEN:.0%} of each", least >= ASKED_SEEN))
    return found


def prepared_classifier(data: Path, weights: Path | None, seed: int) -> nn.Sequential:
    """A classifier with `weights`, where there are; else one trained on `data`, and kept there."""
    if weights is not None and weights.is_file():
        network = classifier()
        network.load_state_dict(load_file(weights))
        return network
    network = trained(Images.load(data, "train"), seed)
    if weights is not None:
        save_file(network.state_dict(), weights)
    return network


def by_class(shares: dict[int, float]) -> str:
    return ", ".join(f"{number} {share:.1%}" for number, share in shares.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", nargs="+", type=Path, help="written by `gan sample`, .npy")
    parser.add_argument("--data-dir", type=Path, required=True, help="folder with MNIST")
    parser.add_argument("--classes-asked", type=class_list, metavar="each|3,8",
                        help="the samples are those of `gan sample --label each`, of a generator "
                             "that knows all classes or these")
    parser.add_argument("--classifier", type=Path,
                        help="weights to take, or to leave here where there are none yet")
    parser.add_argument("--seed", type=int, default=0, help="of the classifier")
    parser.add_argument("--report-only", action="store_true",
                        help="judge nothing: the data are not MNIST, but lie in such files")
    arguments = parser.parse_args()
    network = prepared_classifier(arguments.data_dir, arguments.classifier, arguments.seed)
    tests = Images.load(arguments.data_dir, "t10k")
    real = Reading(probabilities(network, tests.pixels))
    accuracy = real.agreement(tests.classes)
    found = [Finding(f"classifier reads {accuracy:.2%} of {len(tests.classes)} real test images",
                     f"{LEARNED:.0%}", accuracy >= LEARNED)]
    judged = not arguments.report_only
    print(f"{found[0].line(judged)}; mean confidence {real.confidence():.4f}")
    print(f"  by class: {by_class(dict(enumerate(real.shares())))}")
    for path in arguments.samples:
        pixels = read_samples(path)
        classes = arguments.classes_asked
        asked = each_class(len(pixels), classes) if classes else None
        samples = Reading(probabilities(network, pixels))
        print(f"{path}: {len(pixels)} samples")
        print(f"  by class: {by_class(dict(enumerate(samples.shares())))}")
        if asked is not None:
            print(f"  asked for and seen: {by_class(samples.agreement_by_class(asked))}")
        for finding in findings(samples, asked):
            print(f"  {finding.line(judged)}")
            found.append(finding)
    return 1 if judged and not all(each.good for each in found) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (SamplesError, FileNotFoundError) as error:
        sys.exit(str(error))
