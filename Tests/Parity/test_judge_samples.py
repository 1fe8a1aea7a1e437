#!/usr/bin/env python3
"""Proves that the judge of samples accepts good ones and refuses each of many bad ones."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from judge_samples import (
    Reading, SamplesError, class_list, each_class, findings, read_samples,
)
from mnist_classifier import CLASSES

COUNT = 1000
"""Samples, as many of each class."""


def reading(classes: Tensor, confidence: float = 0.95) -> Reading:
    """A classifier's that sees `classes`, each with the probability `confidence`."""
    rest = (1 - confidence) / (CLASSES - 1)
    one = functional.one_hot(classes, CLASSES)
    return Reading(rest + (confidence - rest) * one)


def failures(samples: Reading, asked: Tensor | None = None) -> list[int]:
    """Places of the findings that are not good: confidence, shares, class asked for."""
    return [place for place, each in enumerate(findings(samples, asked)) if not each.good]


class JudgeTests(unittest.TestCase):
    def setUp(self) -> None:
        self.classes = each_class(COUNT, list(range(CLASSES)))

    def test_balanced_confident_samples_of_the_classes_asked_for_are_good(self) -> None:
        self.assertEqual(failures(reading(self.classes), self.classes), [])

    def test_confidence_is_judged_at_its_threshold(self) -> None:
        self.assertEqual(failures(reading(self.classes, 0.901)), [])
        self.assertEqual(failures(reading(self.classes, 0.899)), [0])

    def test_a_class_that_hardly_occurs_is_refused(self) -> None:
        for count, expected in ((41, []), (39, [1])):
            seen = self.classes.clone()
            seen[count:100] = torch.arange(100 - count) % 9 + 1
            self.assertEqual(failures(reading(seen)), expected, f"{count} zeros")

    def test_a_class_that_crowds_out_others_is_refused(self) -> None:
        for count, expected in ((199, []), (201, [1])):
            seen = self.classes.clone()
            # Of each of five other classes no more than 21, so none of them becomes rare.
            others = torch.arange(100, 600).reshape(5, 100)[:, :21].flatten()
            seen[others[: count - 100]] = 0
            self.assertEqual(failures(reading(seen)), expected, f"{count} zeros")

    def test_collapse_to_one_class_is_refused(self) -> None:
        self.assertEqual(failures(reading(torch.zeros_like(self.classes))), [1])

    def test_every_class_asked_for_must_be_seen(self) -> None:
        """One class below the threshold is not made good by nine others."""
        for wrong, expected in ((9, []), (11, [2])):
            seen = self.classes.clone()
            seen[300 : 300 + wrong] = 8
            self.assertEqual(failures(reading(seen), self.classes), expected, f"{wrong} wrong")

    def test_samples_in_another_order_do_not_hold_the_class_asked_for(self) -> None:
        seen = torch.arange(COUNT) % CLASSES
        self.assertEqual(failures(reading(seen), self.classes), [2])

    def test_samples_that_are_not_as_many_of_each_class_cannot_be_asked_for(self) -> None:
        with self.assertRaises(SamplesError):
            each_class(COUNT + 1, list(range(CLASSES)))


    def test_samples_of_some_classes_are_judged_by_those_alone(self) -> None:
        asked = each_class(COUNT, class_list("8,3"))
        self.assertEqual(asked.unique().tolist(), [3, 8])
        self.assertEqual(failures(reading(asked), asked), [])
        self.assertEqual(failures(reading(torch.full_like(asked, 3)), asked), [1])


class SamplesFileTests(unittest.TestCase):
    def read(self, values: np.ndarray) -> Tensor:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "samples.npy"
            np.save(path, values)
            return read_samples(path)

    def test_samples_are_normalised_like_real_images(self) -> None:
        """Black is -1 and white 1, as 0 and 1 are in files of images."""
        values = np.ones((2, 1, 28, 28), np.float32)
        values[0] = -1
        black, white = (float(image.mean()) for image in self.read(values))
        self.assertAlmostEqual(black, -0.1307 / 0.3081, places=5)
        self.assertAlmostEqual(white, (1 - 0.1307) / 0.3081, places=5)

    def test_files_that_hold_no_such_samples_are_refused(self) -> None:
        good = np.zeros((2, 1, 28, 28), np.float32)
        spoilt = {
            "float64": good.astype(np.float64),
            "bytes": good.astype(np.uint8),
            "another size": np.zeros((2, 1, 32, 32), np.float32),
            "colour": np.zeros((2, 3, 28, 28), np.float32),
            "none": good[:0],
            "too bright": good + 1.01,
            "not a number": np.full_like(good, np.nan),
        }
        self.assertEqual(self.read(good).shape, good.shape)
        for name, values in spoilt.items():
            with self.subTest(name), self.assertRaises(SamplesError):
                self.read(values)


if __name__ == "__main__":
    unittest.main()
