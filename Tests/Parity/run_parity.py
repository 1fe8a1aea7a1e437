#!/usr/bin/env python3
"""Runs `gan trace` over a table of cases, replays each in PyTorch, and says how well they agree.

Then trains a few steps and checks that PyTorch draws the saved generator's images.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import check_generator
import idx_files
import replay
from cases import CASES, GENERATOR_CASES, QUICK_CASES, Case
from from_seed import DataSet
from judgement import Judgement, Kind
from networks import Network
from trace_file import Trace, TraceError

SAMPLES = [(None, 65), ("7", 20), ("each", 7)]
"""What is asked of a saved generator, `--label` and `--count`; the first of one without classes."""

HEADINGS = (
    "objective", "penalties", "batch", "networks", "seed", "losses, scores",
    "gradients: median", "worst", "above 1e-4", "before", "units across", "final", "buffers",
    "initial", "random", "batches", "verdict",
)


class Program:
    """The program `gan` and the data it trains on."""

    def __init__(self, gan: Path, data: Path, scratch: Path) -> None:
        self._gan, self._folder, self._scratch = gan.resolve(), data, scratch
        self._data = DataSet.read(data)

    def data(self, case: Case) -> DataSet:
        """The data of `case`, in order."""
        margin = (case.side - self._data.images.shape[1]) // 2
        beside = ((0, 0), (margin, margin), (margin, margin))
        images = np.pad(self._data.images[: case.image_count], beside)
        if case.is_coloured:
            images = np.stack([images, np.roll(images, 5, axis=2), 255 - images], axis=1)
        return DataSet(images, self._data.labels[: case.image_count])

    def data_flags(self, case: Case) -> list[str | Path]:
        """The flags for them, written on first use."""
        if not case.has_images:
            return []
        if case.image_count is None:
            return ["--data-dir", self._folder]
        kind = "colour" if case.is_coloured else "gray"
        folder = self._scratch / f"first-{case.image_count}-{case.side}-{kind}"
        if not folder.exists():
            folder.mkdir()
            data = self.data(case)
            if case.is_coloured:
                write_cifar10(folder, data)
            else:
                idx_files.write(folder / idx_files.TRAINING_IMAGES, data.images)
                idx_files.write(folder / idx_files.TRAINING_LABELS, data.labels)
        return ["--data-dir", folder, "--image-size", str(case.side)]

    def run(self, *arguments: str | Path) -> None:
        """Runs `gan`; raises with what it wrote where it fails."""
        command = [str(self._gan), *map(str, arguments)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            # On one line: whoever repeats errors repeats lines.
            words = " ".join(result.stderr.split())
            raise RuntimeError(f"exit code {result.returncode}: {words}: {' '.join(command)}")

    def trace(self, case: Case) -> Judgement:
        """Traces `case` and replays it."""
        path = self._scratch / "trace.safetensors"
        self.run("trace", *case.flags(), "--steps", str(case.steps), *self.data_flags(case),
                 "--output", path)
        try:
            trace = Trace(path)
            case.check(trace)
            return replay.judge(trace, self.data(case) if case.has_images else None)
        finally:
            path.unlink(missing_ok=True)

    def generator_difference(self, case: Case) -> float:
        """Trains a few steps, samples, and compares the images with PyTorch's."""
        with tempfile.TemporaryDirectory(dir=self._scratch) as runs:
            self.run("train", *case.flags(), "--steps", "5", *self.data_flags(case),
                     "--runs-dir", runs, "--quiet")
            folder = next(Path(runs).glob("*/generator.safetensors")).parent
            generator = check_generator.load_generator(folder)
            asked = SAMPLES if check_generator.class_count(generator) else SAMPLES[:1]
            return max(self._sample_difference(folder, generator, case, *each) for each in asked)

    def _sample_difference(
        self, run: Path, generator: Network, case: Case, label: str | None, count: int
    ) -> float:
        """Samples what is asked for, and compares."""
        samples, seed = run / "samples.npy", case.seed + 7
        self.run("sample", run, "--count", str(count), "--seed", str(seed), "--output", samples,
                 *([] if label is None else ["--label", label]))
        images = np.load(samples)
        if label == "each":
            count *= check_generator.class_count(generator) or 1
        if images.shape != (count, 1, case.side, case.side):
            return float("inf")
        return check_generator.largest_pixel_difference(generator, images, seed, label)


def write_cifar10(folder: Path, data: DataSet) -> None:
    """Writes the five files CIFAR-10 consists of: a byte of the label before each image."""
    rows = np.concatenate([data.labels[:, None], data.images.reshape(len(data.images), -1)], axis=1)
    for number, part in enumerate(np.array_split(rows, 5), start=1):
        (folder / f"data_batch_{number}.bin").write_bytes(part.tobytes())


def row(case: Case, judgement: Judgement, verdict: str) -> list[str]:
    """The cells of one line of the table."""
    def worst(kind: Kind) -> str:
        measurement = judgement.worst(kind)
        return f"{measurement.error:.1e}" if measurement else "-"

    return [
        case.objective or "-", ", ".join(case.penalties) or "-", str(case.batch_size or "-"),
        case.networks(), str(case.seed), worst(Kind.SCALAR),
        f"{judgement.gradient_median():.1e}", worst(Kind.GRADIENT),
        f"{judgement.gradient_outlier_share():.1%}", f"{judgement.untouched_outlier_share():.1%}",
        str(judgement.crossed), worst(Kind.FINAL), worst(Kind.BUFFERS), worst(Kind.INITIAL),
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
        print(f"generator, {case.networks()}, after load_state_dict: largest difference of a pixel "
              f"{difference:.1e}: {'good' if good else 'FAILED'}")
        if not good:
            wrong.append(f"generator of {case}: differs by {difference:.1e}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gan", type=Path, required=True, help="the program to judge")
    parser.add_argument("--data-dir", type=Path, required=True, help="folder with MNIST")
    parser.add_argument("--quick", action="store_true", help="a dozen cases only")
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
