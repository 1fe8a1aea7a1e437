#!/usr/bin/env python3
"""Runs `gan trace` over a table of cases, replays each in PyTorch, and says how well they agree.

Then trains a few steps and checks that PyTorch draws the saved generator's images.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch

import check_generator
import idx_files
import replay
from cases import CASES, GENERATOR_CASES, QUICK_CASES, SCHEDULED_CASES, SMALL_STEPS, Case
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

    def data(self, case: Case) -> DataSet:
        """The data of `case`, in order."""
        whole = read_data(self._folder)
        margin = (case.side - whole.images.shape[1]) // 2
        beside = ((0, 0), (margin, margin), (margin, margin))
        images = np.pad(whole.images[: case.image_count], beside)
        if case.is_coloured:
            images = np.stack([images, np.roll(images, 5, axis=2), 255 - images], axis=1)
        return DataSet(images, whole.labels[: case.image_count])

    def data_flags(self, case: Case) -> list[str | Path]:
        """The flags for them, written on first use."""
        if not case.has_images:
            return []
        if case.image_count is None:
            return ["--data-dir", self._folder]
        kind = "colour" if case.is_coloured else "gray"
        # Cases run side by side in processes: each process writes its own.
        folder = self._scratch / f"first-{case.image_count}-{case.side}-{kind}-{os.getpid()}"
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
        path = self._scratch / f"trace-{os.getpid()}.safetensors"
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


@cache
def read_data(folder: Path) -> DataSet:
    """The data set in `folder`, read once by each process."""
    return DataSet.read(folder)


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


def table_row(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


Verdict = tuple[str | None, list[str]]
"""A line to print, if there is one, and everything that is wrong."""


def judge_case(program: Program, case: Case) -> Verdict:
    """Traces and replays one case."""
    try:
        judgement = program.trace(case)
    except (TraceError, RuntimeError) as error:
        return None, [f"{case}: {error}"]
    complaints = judgement.complaints()
    cells = row(case, judgement, "FAILED" if complaints else "good")
    return table_row(cells), [f"{case}: {complaint}" for complaint in complaints]


def judge_generator(program: Program, case: Case) -> Verdict:
    """Trains and draws from one generator."""
    try:
        difference = program.generator_difference(case)
    except (RuntimeError, StopIteration) as error:
        return None, [f"generator of {case}: {error!r}"]
    good = difference <= check_generator.TOLERANCE
    line = (f"generator, {case.networks()}, after load_state_dict: largest difference of a pixel "
            f"{difference:.1e}: {'good' if good else 'FAILED'}")
    return line, [] if good else [f"generator of {case}: differs by {difference:.1e}"]


def print_all(verdicts: Iterator[Verdict]) -> list[str]:
    """Prints the line of each as it comes; returns everything that is wrong."""
    wrong = []
    for line, complaints in verdicts:
        if line:
            print(line, flush=True)
        wrong += complaints
    return wrong


def shortened(case: Case) -> Case:
    """The case with as many steps as its claim needs: a whole one crosses ends of epochs."""
    return case if case.image_count else replace(case, steps=min(case.steps, SMALL_STEPS))


def workers() -> ProcessPoolExecutor:
    """As many processes as there are processors, each computing on one of them."""
    return ProcessPoolExecutor(
        len(os.sched_getaffinity(0)), multiprocessing.get_context("fork"),
        initializer=torch.set_num_threads, initargs=(1,))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gan", type=Path, required=True, help="the program to judge")
    parser.add_argument("--data-dir", type=Path, required=True, help="folder with MNIST")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("--quick", action="store_true", help="a dozen cases only")
    amount.add_argument("--whole", action="store_true", help="every step of every case")
    arguments = parser.parse_args()
    started = time.monotonic()
    cases = QUICK_CASES + SCHEDULED_CASES[:1] if arguments.quick else CASES + SCHEDULED_CASES
    if not arguments.whole:
        cases = [shortened(case) for case in cases]
    with tempfile.TemporaryDirectory() as scratch, workers() as pool:
        program = Program(arguments.gan, arguments.data_dir, Path(scratch))
        print(table_row(HEADINGS), table_row(["---"] * len(HEADINGS)), sep="\n", flush=True)
        wrong = print_all(pool.map(partial(judge_case, program), cases))
        print()
        wrong += print_all(pool.map(partial(judge_generator, program), GENERATOR_CASES))
    for sentence in wrong:
        print(f"error: {sentence}", file=sys.stderr)
    verdict = "FAILED" if wrong else "good"
    print(f"parity with PyTorch: {verdict}, in {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
