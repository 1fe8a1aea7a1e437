#!/usr/bin/env python3
"""Whether gan evaluate ranks generators as a Fréchet distance in the features of another classifier does.

    python3 Benchmarks/rank_generators.py GAN MNIST RUN... [--checkpoints 4] [--count 10000]

MNIST is a folder with its four files, RUN the folder of a run on MNIST; of each so many checkpoints are taken, evenly
spaced. `gan evaluate` judges all of them. Then a classifier learns MNIST in PyTorch (Tests/Parity/mnist_classifier.py,
which has nothing in common with that of gan), and the samples that `gan sample` draws of each checkpoint are
compared with the test images by its 64 hidden values. Prints both distances of every generator, what the test images get
against training images, and Spearman's rank correlation. Needs Tests/Parity/requirements.txt.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

TESTS = Path(__file__).resolve().parent.parent / "Tests"
sys.path += [str(TESTS / "Evaluation"), str(TESTS / "Parity")]

from definitions import frechet_distance  # noqa: E402
from mnist_classifier import Images, normalised, trained  # noqa: E402

SEED = 1


@torch.no_grad()
def hidden(network, pixels):
    """The classifier's values before its last layer, `[N, 64]`, in double precision."""
    parts = [network[:-1](part) for part in pixels.split(1000)]
    return torch.cat(parts).double().numpy()


def ranks(values):
    """The places of values, equal ones sharing the mean of theirs."""
    values = np.asarray(values)
    return np.array([((values < value).sum() + (values <= value).sum() - 1) / 2 for value in values])


def spearman(first, second):
    """The correlation of ranks."""
    return float(np.corrcoef(ranks(first), ranks(second))[0, 1])


def step(checkpoint):
    """The step in a checkpoint's name."""
    return int("".join(letter for letter in checkpoint.stem if letter.isdigit()))


def spaced(run, count):
    """Checkpoints of a run, evenly spaced, the last among them."""
    found = sorted(Path(run).glob("checkpoints/step-*.safetensors"), key=step)
    if len(found) < count:
        sys.exit(f"{run}: {len(found)} checkpoints, {count} are needed")
    places = np.linspace(0, len(found) - 1, count).round().astype(int)
    return [found[place] for place in places]


def main():
    """Judges every generator twice."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gan")
    parser.add_argument("mnist")
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--checkpoints", type=int, default=4)
    parser.add_argument("--count", type=int, default=10_000)
    flags = parser.parse_args()
    checkpoints = [str(each) for run in flags.runs for each in spaced(run, flags.checkpoints)]
    report = json.loads(subprocess.run(
        [flags.gan, "evaluate", *checkpoints, "--against", flags.mnist, "--count", str(flags.count),
         "--sets", "1", "--metrics", "frechet-distance", "--json", "--quiet"],
        check=True, capture_output=True, text=True).stdout)
    ours = {
        result["source"]: result["metrics"]["frechet-distance"]["value"]
        for result in report["results"]
    }

    train, test = (Images.load(Path(flags.mnist), split) for split in ("train", "t10k"))
    network = trained(train, SEED).eval()
    real = hidden(network, test.pixels)
    theirs = {}
    with tempfile.TemporaryDirectory() as folder:
        for checkpoint in checkpoints:
            samples = Path(folder) / "samples.npy"
            subprocess.run(
                [flags.gan, "sample", checkpoint, "--count", str(flags.count), "--output", str(samples)],
                check=True, capture_output=True)
            pixels = normalised((torch.from_numpy(np.load(samples)) + 1) / 2)
            theirs[checkpoint] = frechet_distance(real, hidden(network, pixels))
            samples.unlink()

    print("| generator | gan evaluate | the other classifier's features |")
    print("| --- | --- | --- |")
    for checkpoint in sorted(checkpoints, key=ours.get):
        place = Path(checkpoint)
        name = f"{place.parent.parent.name}, step {step(place)}"
        print(f"| {name} | {ours[checkpoint]:.4g} | {theirs[checkpoint]:.4g} |")
    floor = frechet_distance(real, hidden(network, train.pixels[: flags.count]))
    print(f"| training images | {report['results'][0]['metrics']['frechet-distance']['floor']:.4g} | {floor:.4g} |")
    order = [[values[each] for each in checkpoints] for values in (ours, theirs)]
    print(f"\nSpearman's rank correlation over {len(checkpoints)} generators: {spearman(*order):.3f}")


if __name__ == "__main__":
    main()
