#!/usr/bin/env python3
"""Runs `gan trace` over a table of cases, replays each in PyTorch, and says how well they agree.

Then trains a few steps and checks that PyTorch draws the saved generator's images.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import check_generator
import idx_files
import replay
from judgement import Judgement, Kind
from trace_file import Trace, TraceError

LARGE_SEED = 2**63 + 12345
STEPS = 20
SMALL_STEPS = 5
SAMPLE_COUNT = 65


@dataclass(frozen=True)
class Shape:
    """Sizes of both networks, from inputs to outputs, and the options that ask for them."""

    flags: tuple[str, ...]
    generator: tuple[int, ...]
    discriminator: tuple[int, ...]


SHAPES = {
    "tutorial": Shape((), (64, 256, 256, 784), (784, 256, 256, 1)),
    "latents 100, hidden 128": Shape(
        ("--latent-size", "100", "--hidden-size", "128"), (100, 128, 128, 784), (784, 128, 128, 1)
    ),
    "other depths": Shape(
        ("--set", "generator.hidden=[96,160,64]", "--set", "discriminator.hidden=[200]"),
        (64, 96, 160, 64, 784), (784, 200, 1),
    ),
    "points": Shape(
        ("--latent-size", "5", "--set", "generator.hidden=[24]",
         "--set", "discriminator.hidden=[24,16]"),
        (5, 24, 2), (2, 24, 16, 1),
    ),
    "small": Shape(
        ("--latent-size", "16", "--set", "generator.hidden=[40]",
         "--set", "discriminator.hidden=[48,32]"),
        (16, 40, 784), (784, 48, 32, 1),
    ),
}


@dataclass(frozen=True)
class Case:
    """One run to trace."""

    objective: str = "non-saturating"
    recipe: str = "tutorial"
    batch_size: int = 100
    seed: int = 0
    shape: str = "tutorial"
    discriminator_steps: int = 1
    image_count: int | None = None
    """Only the first so many images of the data set; None for all."""
    penalties: tuple[str, ...] = ()
    packing: int = 1
    options: tuple[str, ...] = ()
    """More options as `--set` takes them."""
    steps: int = STEPS

    def flags(self) -> list[str]:
        """The case as options of `gan trace` and `gan train`."""
        flags = ["--recipe", self.recipe, "--objective", self.objective]
        flags += ["--batch-size", str(self.batch_size), "--seed", str(self.seed)]
        flags += SHAPES[self.shape].flags
        for penalty in self.penalties:
            flags += ["--penalty", penalty]
        settings = list(self.options)
        if self.discriminator_steps > 1:
            settings.append(f"discriminatorSteps={self.discriminator_steps}")
        if self.packing > 1:
            settings.append(f"packing={self.packing}")
        for setting in settings:
            flags += ["--set", setting]
        return flags

    def check(self, trace: Trace) -> None:
        """Raises where the run was not the one asked for: an ignored option proves nothing."""
        shape = SHAPES[self.shape]
        inputs, *outputs = shape.discriminator
        wanted = {
            "steps": (trace.step_count, self.steps),
            "objective": (trace.options["objective"], self.objective),
            "batchSize": (trace.options["batchSize"], self.batch_size),
            "seed": (trace.seed, self.seed),
            "penalties": (tuple(trace.options["penalties"]), self.penalties),
            "discriminator updates": (
                trace.discriminator_update_count(0), self.discriminator_steps
            ),
            "generator": (trace.linear_sizes("generator"), shape.generator),
            "discriminator": (
                trace.linear_sizes("discriminator"), (inputs * self.packing, *outputs)
            ),
        }
        for name, (got, expected) in wanted.items():
            if got != expected:
                raise TraceError(f"{name}: asked for {expected}, the trace has {got}")

    @property
    def has_images(self) -> bool:
        """Whether it trains on the images of the data set, and not on a toy world's points."""
        return self.recipe == "tutorial"

    def networks(self) -> str:
        """Everything but the objective, the batch and the seed, in a few words."""
        words = [self.shape] if self.has_images else [self.recipe, self.shape]
        if self.image_count is not None:
            words.append(f"{self.image_count} images")
        if self.discriminator_steps > 1:
            words.append(f"{self.discriminator_steps} discriminator steps")
        if self.packing > 1:
            words.append(f"packs of {self.packing}")
        return ", ".join([*words, *self.options])


OBJECTIVES = (
    "non-saturating", "minimax", "least-squares", "hinge", "wasserstein", "relativistic"
)
PENALTIES = ("wgan-gp", "dragan", "r1", "r2")

TUTORIAL_CASES = [
    Case(),
    Case(objective="minimax"),
    Case(batch_size=37),
    Case(objective="minimax", batch_size=37, seed=1),
    Case(batch_size=128, seed=LARGE_SEED),
    Case(objective="minimax", batch_size=128),
    Case(seed=1, shape="latents 100, hidden 128"),
    Case(objective="minimax", seed=LARGE_SEED, shape="latents 100, hidden 128"),
    Case(batch_size=37, seed=LARGE_SEED, shape="other depths"),
    Case(objective="minimax", batch_size=128, seed=1, shape="other depths"),
    # 8 batches an epoch, the last of 104: 20 steps cross two ends of an epoch.
    Case(batch_size=128, image_count=1000),
    # The same with 3 steps an epoch, the last holding 2 discriminator updates of 3.
    Case(objective="minimax", batch_size=128, discriminator_steps=3, image_count=1000),
    Case(objective="wasserstein", penalties=("wgan-gp",), discriminator_steps=5, steps=8),
]


def small(objective: str, *penalties: str, **others: Any) -> Case:
    """A case that takes no time: 4 batches an epoch, the last of 37, crossed by 5 steps."""
    sizes = {"batch_size": 40, "shape": "small", "image_count": 157, "steps": SMALL_STEPS}
    return Case(objective=objective, penalties=penalties, **(sizes | others))


SMALL_CASES = [
    *(small(objective) for objective in OBJECTIVES),
    *(small(objective, penalty) for objective in OBJECTIVES for penalty in PENALTIES),
    small("wasserstein", discriminator_steps=3, options=("wasserstein.clip=0.02",)),
    small("relativistic", discriminator_steps=3, seed=LARGE_SEED),
    # Everything at once, each with coefficients of its own.
    small("hinge", *PENALTIES, seed=1, options=(
        "penalty.wgan-gp.weight=3", "penalty.dragan.weight=0.5", "penalty.r1.weight=0.1",
        "penalty.r2.weight=20")),
    # Lazily: the number of the update decides, not that of the step.
    small("non-saturating", "r1", steps=9, options=("penalty.r1.interval=4",)),
    small("wasserstein", "wgan-gp", "r2", steps=7, discriminator_steps=3, options=(
        "penalty.wgan-gp.interval=2", "penalty.r2.interval=5")),
    # The last batch, of 37, drops what fills no pack.
    *(small(objective, packing=2) for objective in OBJECTIVES),
    small("non-saturating", *PENALTIES, packing=4, seed=1),
    small("wasserstein", "wgan-gp", packing=5, discriminator_steps=2),
    # Points, and activations whose second derivatives count.
    *(Case(recipe="ring-8", objective=objective, penalties=PENALTIES, batch_size=40,
           shape="points", steps=SMALL_STEPS, options=(
               "generator.activation=softplus", f"discriminator.activation={activation}"))
      for objective, activation in [("hinge", "tanh"), ("wasserstein", "softplus")]),
    # Whose last batch holds no pack at all: 3 batches an epoch.
    small("minimax", "r1", packing=40, steps=7),
]
CASES = TUTORIAL_CASES + SMALL_CASES
QUICK_CASES = [CASES[0], CASES[3], CASES[8], CASES[10], *SMALL_CASES[-4:]]
GENERATOR_CASES = [Case(), Case(seed=LARGE_SEED, shape="other depths")]

HEADINGS = (
    "objective", "penalties", "batch", "networks", "seed", "losses, scores",
    "gradients: median", "worst", "above 1e-4", "final", "initial", "random", "batches", "verdict",
)


class Program:
    """The program `gan` and the data it trains on."""

    def __init__(self, gan: Path, data: Path, scratch: Path) -> None:
        self._gan, self._data, self._scratch = gan.resolve(), data, scratch
        self.images = idx_files.read(idx_files.find(data, idx_files.TRAINING_IMAGES))

    def data(self, case: Case) -> list[str | Path]:
        """The flags for the images of `case`, written on first use."""
        if not case.has_images:
            return []
        return ["--data-dir", self._folder(case)]

    def _folder(self, case: Case) -> Path:
        if case.image_count is None:
            return self._data
        folder = self._scratch / f"first-{case.image_count}"
        if not folder.exists():
            folder.mkdir()
            labels = idx_files.read(idx_files.find(self._data, idx_files.TRAINING_LABELS))
            parts = {idx_files.TRAINING_IMAGES: self.images, idx_files.TRAINING_LABELS: labels}
            for name, values in parts.items():
                idx_files.write(folder / name, values[: case.image_count])
        return folder

    def run(self, *arguments: str | Path) -> None:
        """Runs `gan`; raises with what it wrote where it fails."""
        command = [str(self._gan), *map(str, arguments)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise RuntimeError(
                f"{' '.join(command)}\nexit code {result.returncode}\n{result.stderr.strip()}"
            )

    def trace(self, case: Case) -> Judgement:
        """Traces `case` and replays it."""
        path = self._scratch / "trace.safetensors"
        self.run("trace", *case.flags(), "--steps", str(case.steps), *self.data(case),
                 "--output", path)
        try:
            trace = Trace(path)
            case.check(trace)
            images = self.images[: case.image_count] if case.has_images else None
            return replay.judge(trace, images)
        finally:
            path.unlink(missing_ok=True)

    def generator_difference(self, case: Case) -> float:
        """Trains a few steps, samples, and compares the images with PyTorch's."""
        with tempfile.TemporaryDirectory(dir=self._scratch) as runs:
            self.run("train", *case.flags(), "--steps", "5", *self.data(case),
                     "--runs-dir", runs, "--quiet")
            folder = next(Path(runs).glob("*/generator.safetensors")).parent
            samples = folder / "samples.npy"
            self.run("sample", folder, "--count", str(SAMPLE_COUNT), "--seed", str(case.seed + 7),
                     "--output", samples)
            generator = check_generator.load_generator(folder)
            images = np.load(samples)
            if len(images) != SAMPLE_COUNT:
                return float("inf")
            return check_generator.largest_pixel_difference(generator, images, case.seed + 7)


def row(case: Case, judgement: Judgement, verdict: str) -> list[str]:
    """The cells of one line of the table."""
    def worst(kind: Kind) -> str:
        measurement = judgement.worst(kind)
        return f"{measurement.error:.1e}" if measurement else "-"

    return [
        case.objective, ", ".join(case.penalties) or "-", str(case.batch_size),
        case.networks(), str(case.seed), worst(Kind.SCALAR),
        f"{judgement.gradient_median():.1e}", worst(Kind.GRADIENT),
        f"{judgement.gradient_outlier_share():.1%}", worst(Kind.FINAL), worst(Kind.INITIAL),
        worst(Kind.RANDOM), worst(Kind.BATCHES), verdict,
    ]


def print_row(cells: list[str] | tuple[str, ...]) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


def judge_cases(program: Program, cases: list[Case]) -> list[str]:
    """Prints the table; returns everything that is wrong."""
    print_row(HEADINGS)
    print_row(["---"] * len(HEADINGS))
    wrong = []
    for case in cases:
        try:
            judgement = program.trace(case)
        except (TraceError, RuntimeError) as error:
            wrong.append(f"{case}: {error}")
            continue
        complaints = judgement.complaints()
        wrong += [f"{case}: {complaint}" for complaint in complaints]
        print_row(row(case, judgement, "FAILED" if complaints else "good"))
    return wrong


def judge_generators(program: Program) -> list[str]:
    """Prints a line for each generator; returns everything that is wrong."""
    wrong = []
    for case in GENERATOR_CASES:
        try:
            difference = program.generator_difference(case)
        except (RuntimeError, StopIteration) as error:
            wrong.append(f"generator of {case}: {error!r}")
            continue
        good = difference <= check_generator.TOLERANCE
        print(f"generator, {case.shape}, after load_state_dict: largest difference of a pixel "
              f"{difference:.1e}: {'good' if good else 'FAILED'}")
        if not good:
            wrong.append(f"generator of {case}: differs by {difference:.1e}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gan", type=Path, required=True, help="the program to judge")
    parser.add_argument("--data-dir", type=Path, required=True, help="folder with MNIST")
    parser.add_argument("--quick", action="store_true", help="eight cases only")
    arguments = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        program = Program(arguments.gan, arguments.data_dir, Path(scratch))
        wrong = judge_cases(program, QUICK_CASES if arguments.quick else CASES)
        print()
        wrong += judge_generators(program)
    for sentence in wrong:
        print(f"error: {sentence}", file=sys.stderr)
    verdict = "FAILED" if wrong else "good"
    print(f"parity with PyTorch: {verdict}, in {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
