#!/usr/bin/env python3
"""Proves that the replay accepts a correct run and refuses each of many wrong ones."""

import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path

import torch

import replay
from from_seed import DataSet
from kinks import Kinks, Unit
from mock_image_run import MockImageRun, make_labels
from mock_run import MockRun, make_images
from trace_file import Trace, TraceError

IMAGE_COUNT = 110
"""Not a multiple of the batch size: the last batch of an epoch is smaller."""


def scaled(name: str, factor: float) -> Callable[[MockRun], None]:
    """A fault: the tensor `name` times `factor`."""
    def spoil(run: MockRun) -> None:
        run.tensors[name] = run.tensors[name] * factor
    return spoil


def exchanged(one: str, other: str) -> Callable[[MockRun | MockImageRun], None]:
    """A fault: two tensors trade places."""
    def spoil(run: MockRun | MockImageRun) -> None:
        run.tensors[one], run.tensors[other] = run.tensors[other], run.tensors[one]
    return spoil


def not_a_number(run: MockRun) -> None:
    run.tensors["step.0.generator.loss"].fill_(torch.nan)


def another_epsilon(run: MockRun) -> None:
    adam = run.options["optimizer"]["generator"]
    run.options["optimizer"]["generator"] = adam | {"epsilon": 1e-5}


def another_seed(run: MockRun) -> None:
    run.options["seed"] = 1


def another_objective(run: MockRun) -> None:
    run.options["objective"] = "minimax"


def another_weight(run: MockRun) -> None:
    run.options["penalty"]["wgan-gp"] = {"weight": 4, "interval": 1}


def without_penalties(run: MockRun) -> None:
    plain = MockRun(run.images)
    for name in run.tensors:
        if name.startswith("step.0.discriminator.0.gradient"):
            run.tensors[name] = plain.tensors[name]


def noisy_gradients(run: MockRun) -> None:
    generator = torch.Generator().manual_seed(0)
    for name, tensor in run.tensors.items():
        if ".gradient." in name:
            noise = torch.randn(tensor.shape, generator=generator)
            tensor += 1e-3 * noise * tensor.norm() / noise.norm()


FAULTS: dict[str, tuple[Callable[[MockRun], None], str]] = {
    "a loss off by 1e-4": (scaled("step.2.generator.loss", 1.0001), "step.2.generator.loss"),
    "a score off by 1e-4": (
        scaled("step.1.discriminator.0.realScore", 1.0001), "step.1.discriminator.0.realScore"
    ),
    "a gradient off by 2%": (
        scaled("step.3.discriminator.0.gradient.2.weight", 1.02),
        "step.3.discriminator.0.gradient.2.weight",
    ),
    "every gradient off by 0.1%": (noisy_gradients, "are above 0.0001"),
    "final parameters off by 1e-5": (
        scaled("final.generator.0.weight", 1.00001), "final.generator.0.weight"
    ),
    "other initial parameters": (
        scaled("initial.discriminator.0.weight", 1.001), "initial.discriminator.0.weight"
    ),
    "latents of another update": (
        exchanged("step.1.generator.latents", "step.2.generator.latents"),
        "step.1.generator.latents",
    ),
    "batches in another order": (
        exchanged("step.0.discriminator.0.real", "step.1.discriminator.0.real"),
        "step.0.discriminator.0.real",
    ),
    "a loss that is not a number": (not_a_number, "step.0.generator.loss"),
    "another Adam": (another_epsilon, "final.generator"),
    "another seed": (another_seed, "latents"),
    "another objective": (another_objective, "step.0.generator.loss"),
    "a penalty off by 1%": (
        scaled("step.2.discriminator.0.penalty.r1", 1.01), "step.2.discriminator.0.penalty.r1"
    ),
    "another weight": (another_weight, "discriminator.0.penalty.wgan-gp"),
    "interpolation of another update": (
        exchanged("step.0.discriminator.0.interpolation", "step.1.discriminator.0.interpolation"),
        "step.0.discriminator.0.interpolation",
    ),
    "penalties that no gradient feels": (
        without_penalties, "step.0.discriminator.0.gradient"
    ),
}
"""What is wrong with the run, how, and what the complaint must mention."""


IMAGE_FAULTS = {
    "another momentum": "final.discriminator.4.running_",
    "running variance that is biased": "final.discriminator.4.running_var",
    "a penalty that is observed": "final.discriminator.4.running_",
    "two power iterations": "_u",
    "shifted labels": "step.0.discriminator.0.loss",
    "an average a step ahead": "final.average.",
    "a power average an update ahead": "final.powerAverage.0.05.",
    "a generator's step without augmentation": "step.0.generator.loss",
}
"""What the run does wrongly, and what the complaint must mention."""

EXCHANGED = {
    "dropout of the other application": (
        "step.1.discriminator.0.dropout.generated.2", "step.1.discriminator.0.dropout.real.2"
    ),
    "dropout of a penalty": (
        "step.1.discriminator.0.dropout.penalty.2", "step.1.discriminator.0.dropout.real.2"
    ),
    "brightness of the other application": (
        "step.2.discriminator.1.brightness.generated", "step.2.discriminator.1.brightness.real"
    ),
    "flips of another update": (
        "step.2.discriminator.0.horizontalFlip", "step.2.discriminator.1.horizontalFlip"
    ),
    "labels of another update": (
        "step.0.discriminator.0.latentLabels", "step.0.discriminator.1.latentLabels"
    ),
    "real labels of another update": (
        "step.0.discriminator.0.realLabels", "step.0.discriminator.1.realLabels"
    ),
    "the average for the generator": (
        "final.generator.2.running_var", "final.average.2.running_var"
    ),
}
"""Two tensors that trade places; the complaint must mention the first."""


class ReplayTests(unittest.TestCase):
    """The judge, judged."""

    def complaints(self, run: MockRun | MockImageRun) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trace.safetensors"
            run.save(path)
            data = DataSet(run.images, make_labels(len(run.images)))
            return replay.judge(Trace(path), data).complaints()

    def test_correct_runs_are_accepted(self) -> None:
        images = make_images(IMAGE_COUNT)
        for objective in ("non-saturating", "minimax"):
            for discriminator_steps in (1, 4):
                with self.subTest(objective=objective, discriminator_steps=discriminator_steps):
                    run = MockRun(
                        images, steps=8, objective=objective,
                        discriminator_steps=discriminator_steps,
                    )
                    self.assertEqual(self.complaints(run), [])

    def test_correct_penalties_are_accepted(self) -> None:
        images = make_images(IMAGE_COUNT)
        for penalty in ("wgan-gp", "dragan", "r1", "r2"):
            for interval in (1, 3):
                with self.subTest(penalty=penalty, interval=interval):
                    run = MockRun(
                        images, discriminator_steps=2, penalties=(penalty,), interval=interval
                    )
                    self.assertEqual(self.complaints(run), [])

    def test_every_fault_is_named(self) -> None:
        images = make_images(IMAGE_COUNT)
        for fault, (spoil, mentioned) in FAULTS.items():
            with self.subTest(fault):
                run = MockRun(images, penalties=("wgan-gp", "r1"))
                spoil(run)
                self.assertIn(mentioned, "\n".join(self.complaints(run)))

    def test_correct_statistics_norms_and_classes_are_accepted(self) -> None:
        self.assertEqual(self.complaints(MockImageRun(make_images(IMAGE_COUNT))), [])

    def test_every_fault_with_statistics_norms_and_classes_is_named(self) -> None:
        for fault, mentioned in IMAGE_FAULTS.items():
            with self.subTest(fault):
                run = MockImageRun(make_images(IMAGE_COUNT), fault=fault)
                self.assertIn(mentioned, "\n".join(self.complaints(run)))

    def test_exchanged_numbers_are_named(self) -> None:
        for fault, (one, other) in EXCHANGED.items():
            with self.subTest(fault):
                run = MockImageRun(make_images(IMAGE_COUNT))
                exchanged(one, other)(run)
                self.assertIn(one, "\n".join(self.complaints(run)))

    def test_incomplete_and_foreign_tensors_are_refused(self) -> None:
        for edit in ("missing", "foreign"):
            with self.subTest(edit):
                run = MockRun(make_images(IMAGE_COUNT))
                gradient = run.tensors.pop("step.1.generator.gradient.0.bias")
                if edit == "foreign":
                    run.tensors["step.1.generator.gradient.0.bias"] = gradient
                    run.tensors["step.9.generator.gradient.0.bias"] = gradient.clone()
                with self.assertRaisesRegex(TraceError, "gradient.0.bias"):
                    self.complaints(run)

    def test_unknown_penalties_are_refused(self) -> None:
        run = MockRun(make_images(IMAGE_COUNT))
        run.options["penalties"] = ["r3"]
        with self.assertRaisesRegex(TraceError, "r3"):
            self.complaints(run)


class KinkTests(unittest.TestCase):
    """The search for units that rounding has put across their kink."""

    def crossed(self, first: float, recorded: list[float]) -> int:
        """How many units are found where ReLU's derivatives are said to be `recorded`."""
        x = torch.tensor([first, 1, -2], dtype=torch.float64, requires_grad=True)
        layer, gradient = torch.nn.ReLU(), torch.zeros(3)
        kinks = Kinks([layer])

        def compute() -> None:
            gradient.copy_(torch.autograd.grad(layer(x).sum(), x)[0])

        def error(across: set[Unit]) -> float:
            kinks.compute(across, compute)
            return float((gradient - torch.tensor(recorded)).square().sum())

        nearest = kinks.compute(set(), compute)
        kinks.search(nearest, error(set()), error)
        return kinks.crossed

    def test_a_unit_within_rounding_of_its_kink_takes_the_side_of_the_run(self) -> None:
        self.assertEqual(self.crossed(1e-7, [0, 1, 0]), 1)
        self.assertEqual(self.crossed(-1e-7, [1, 1, 0]), 1)

    def test_no_unit_farther_away_does_and_none_without_need(self) -> None:
        self.assertEqual(self.crossed(1e-4, [0, 1, 0]), 0)
        self.assertEqual(self.crossed(1e-7, [1, 0, 0]), 0)
        self.assertEqual(self.crossed(1e-7, [1, 1, 0]), 0)


if __name__ == "__main__":
    torch.set_num_threads(1)  # More would only wait for each other over tensors as small as these.
    unittest.main()
