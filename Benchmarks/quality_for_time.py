#!/usr/bin/env python3
"""What so many seconds of two processors buy: quick-28 and a DCGAN in PyTorch on MNIST, by turns.

    python3 Benchmarks/quality_for_time.py GAN MNIST [FOLDER] [--seconds 900] [--seeds 3] [--recipe quick-28]...
        [--only gan|pytorch] [--pause FILE]

Each recipe and pytorch_dcgan.py train with each seed for so many seconds, one after the other and each on two threads, their
start included; whoever is not finished then is interrupted. Each draws 10,000 samples of its averaged generator (of a
generator that knows classes, of all classes in turn). A classifier that PyTorch trains on MNIST (Tests/Parity/mnist_classifier.py)
compares them with the 10,000 test images: the Fréchet distance of its 64 hidden values, how sure it is of a class on average, and
the least and the greatest share of a class. Larger samples are made as small as the test images, which then are made
as large and small again. Prints a Markdown table with every run. What is in FOLDER (quality-runs) already is not trained
again. `--pause FILE` lets a machine be used for something else now and then: while FILE exists the program that trains stands
still, and its seconds are not counted.

Needs an idle machine and Tests/Parity/requirements.txt.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import numpy as np
import torch

sys.path += [str(Path(__file__).resolve().parent.parent / "Tests" / part) for part in ("Evaluation", "Parity")]

from definitions import frechet_distance  # noqa: E402
from judge_samples import IMAGE_SHAPE, Reading, read_samples  # noqa: E402
from mnist_classifier import Images, normalised, probabilities, trained  # noqa: E402
from programs import HERE, THREADS, train  # noqa: E402
from rank_generators import hidden  # noqa: E402

PYTORCH = "PyTorch DCGAN"
COUNT = 10_000
CLASSIFIER_SEED = 1
SIDE = IMAGE_SHAPE[-1]
"""Of the images that the classifier reads."""


def train_gan(flags, recipe, seed, place, samples):
    """A run of ours and its samples; returns seconds and steps."""
    _, seconds = train(
        [flags.gan, "train", "--recipe", recipe, "--seed", str(seed), "--data-dir", flags.mnist, "--runs-dir", place,
         "--threads", str(THREADS), "--quiet"], flags.seconds, flags.pause)
    run = next(place.glob("0*"))
    subprocess.run([flags.gan, "sample", run, "--count", str(COUNT), "--output", samples], check=True,
                   capture_output=True)
    info = subprocess.run([flags.gan, "info", run, "--json"], check=True, capture_output=True, text=True)
    return seconds, json.loads(info.stdout)["step"]


def train_pytorch(flags, seed, samples):
    """The peer's run and its samples; returns seconds and steps."""
    output, seconds = train(
        [sys.executable, HERE / "pytorch_dcgan.py", flags.mnist, samples, "--seed", str(seed), "--count", str(COUNT),
         "--threads", str(THREADS)], flags.seconds, flags.pause)
    return seconds, int(output)


def resized(pixels, side, kernel):
    """Square images of another side, by an antialiased filter, whose overshoot is cut."""
    pixels = torch.nn.functional.interpolate(pixels, size=(side, side), mode=kernel, antialias=True)
    return pixels.clamp(normalised(0.0), normalised(1.0))


def read_samples_of(side, samples):
    """The classifier's pixels of a file of samples; larger ones are made smaller."""
    if side == SIDE:
        return read_samples(samples)
    return resized(normalised((torch.from_numpy(np.load(samples)) + 1) / 2), SIDE, "bilinear")


def as_samples_of(side, pixels):
    """Real images that went the way of samples of a side, so that what is lost on it is no fault of a generator.

    As large as `gan --image-size` makes them, by the bicubic filter, and small again."""
    return pixels if side == SIDE else resized(resized(pixels, side, "bicubic"), SIDE, "bilinear")


def main():
    """Trains by turns, judges, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gan")
    parser.add_argument("mnist")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("quality-runs"))
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--recipe", action="append")
    parser.add_argument("--only", choices=("gan", "pytorch"))
    parser.add_argument("--pause", type=Path)
    flags = parser.parse_args()
    recipes = [] if flags.only == "pytorch" else flags.recipe or ["quick-28"]
    programs = recipes + ([] if flags.only == "gan" else [PYTORCH])

    runs = []
    for seed in range(flags.seeds):
        for program in programs:
            place = flags.folder.resolve() / f"{program.replace(' ', '-')}-{seed}"
            samples, facts = place / "samples.npy", place / "facts.json"
            if not facts.exists():
                place.mkdir(parents=True, exist_ok=True)
                seconds, steps = (
                    train_pytorch(flags, seed, samples) if program == PYTORCH
                    else train_gan(flags, program, seed, place, samples))
                facts.write_text(json.dumps({"seconds": seconds, "steps": steps}))
            runs.append((program, seed, samples, json.loads(facts.read_text())))

    learnt, tests = (Images.load(Path(flags.mnist), split) for split in ("train", "t10k"))
    network = trained(learnt, CLASSIFIER_SEED).eval()
    real = {SIDE: hidden(network, tests.pixels)}
    reading = Reading(probabilities(network, tests.pixels))
    distances = {}
    print("| program | seed | seconds | steps | Fréchet distance | confidence | classes |")
    print("|---|---|---|---|---|---|---|")
    for program, seed, samples, facts in runs:
        side = np.load(samples, mmap_mode="r").shape[-1]
        if side not in real:
            real[side] = hidden(network, as_samples_of(side, tests.pixels))
        pixels = read_samples_of(side, samples)
        seen = Reading(probabilities(network, pixels))
        distance = frechet_distance(real[side], hidden(network, pixels))
        distances.setdefault(program, []).append(distance)
        print(f"| {program} | {seed} | {facts['seconds']:.0f} | {facts['steps']:,} | {distance:.2f} | "
              f"{seen.confidence():.4f} | {min(seen.shares()):.1%} to {max(seen.shares()):.1%} |")
    floor = frechet_distance(real[SIDE], hidden(network, learnt.pixels[:COUNT]))
    print(f"| training images | | | | {floor:.2f} | {reading.confidence():.4f} (test images) | |")
    print(f"\nThe classifier reads {reading.agreement(tests.classes):.2%} of the test images. Medians: "
          + ", ".join(f"{program} {median(values):.2f}" for program, values in distances.items()) + ".")


if __name__ == "__main__":
    main()
