#!/usr/bin/env python3
"""Whether generators trained with products in bfloat16 are as good as those trained in float32.

    python3 Benchmarks/compare_precision.py GAN MNIST [FOLDER] [--seeds 5] [--jobs 2] [--run RECIPE=STEPS]

Trains each recipe with each precision from as many seeds for as many steps, `--jobs` runs at once on one thread each, and
lets the PyTorch classifier of the tests (Tests/Parity/mnist_classifier.py) read 10,000 samples of each generator: how sure it
is of the class on average, and how far the shares of the classes are from a tenth (the largest distance). A Markdown table
gives the mean over the seeds with its standard error, and how many standard errors of the difference lie between the two
precisions. Runs go to FOLDER (precision-runs); those that are there already are not trained again. Needs a processor with
AVX512-BF16 and Tests/Parity/requirements.txt.
"""

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from statistics import mean, stdev

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests" / "Parity"))

from judge_samples import Reading, read_samples  # noqa: E402
from mnist_classifier import CLASSES, Images, probabilities, trained  # noqa: E402

PRECISIONS = ("float32", "bfloat16")
RUNS = ("tutorial=36000", "dcgan-28=2500")
"""Recipes and steps: some minutes of one thread each."""

COUNT = 10_000
CLASSIFIER_SEED = 1


def run_folder(place):
    """The one run in a folder of runs; None where there is none."""
    return next(iter(sorted(place.glob("0*"))), None)


def train(gan, mnist, place, recipe, steps, precision, seed):
    """Trains a run, or goes on with it, unless it has had its steps."""
    finished = place / "trained"
    if finished.exists():
        return
    place.mkdir(parents=True, exist_ok=True)
    run = run_folder(place)
    start = ["--resume", str(run)] if run else [
        "--recipe", recipe, "--precision", precision, "--seed", str(seed), "--runs-dir", str(place),
        "--set", "evaluation.interval=0"]
    subprocess.run(
        [gan, "train", *start, "--data-dir", mnist, "--steps", str(steps), "--threads", "1", "--quiet"],
        check=True, stdout=subprocess.DEVNULL)
    finished.touch()


def judged(gan, network, run):
    """How sure the classifier is of a run's samples, and the largest distance of a class's share from a tenth."""
    with tempfile.TemporaryDirectory() as folder:
        samples = Path(folder) / "samples.npy"
        subprocess.run(
            [gan, "sample", str(run), "--count", str(COUNT), "--output", str(samples)],
            check=True, capture_output=True)
        reading = Reading(probabilities(network, read_samples(samples)))
    return reading.confidence(), max(abs(share - 1 / CLASSES) for share in reading.shares())


def error(values):
    """The standard error of a mean."""
    return stdev(values) / len(values) ** 0.5


def main():
    """Trains, judges and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gan")
    parser.add_argument("mnist")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("precision-runs"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--run", action="append", metavar="RECIPE=STEPS")
    flags = parser.parse_args()
    asked = [(recipe, int(steps)) for recipe, steps in (each.split("=") for each in flags.run or RUNS)]
    seeds = range(1, flags.seeds + 1)

    def place(recipe, precision, seed):
        return flags.folder / f"{recipe}-{precision}-seed{seed}"

    with ThreadPoolExecutor(flags.jobs) as pool:
        waiting = [
            pool.submit(train, flags.gan, flags.mnist, place(recipe, precision, seed),
                        recipe, steps, precision, seed)
            for seed, (recipe, steps), precision in product(seeds, asked, PRECISIONS)
        ]
        for each in waiting:
            each.result()

    network = trained(Images.load(Path(flags.mnist), split="train"), CLASSIFIER_SEED).eval()
    print("| recipe, steps | | float32 | bfloat16 | standard errors between |")
    print("| --- | --- | --- | --- | --- |")
    for recipe, steps in asked:
        judgements = {
            precision: [judged(flags.gan, network, run_folder(place(recipe, precision, seed))) for seed in seeds]
            for precision in PRECISIONS
        }
        for number, name in enumerate(("mean confidence", "largest distance of a class's share from a tenth")):
            one, other = ([pair[number] for pair in judgements[precision]] for precision in PRECISIONS)
            apart = abs(mean(one) - mean(other)) / (error(one) ** 2 + error(other) ** 2) ** 0.5
            cells = " | ".join(f"{mean(values):.4f} ± {error(values):.4f}" for values in (one, other))
            print(f"| {recipe}, {steps:,} | {name} | {cells} | {apart:.2f} |")


if __name__ == "__main__":
    main()
