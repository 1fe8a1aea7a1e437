#!/usr/bin/env python3
"""What recipes make of MNIST, or of data like it, in so many minutes.

    python3 Benchmarks/recipe_quality.py GAN DATA [FOLDER] [--recipe NAME]... [--seeds 1] [--seconds 660] [--threads 2]
        [--pause FILE]

Each recipe trains with each seed, to its end or until it is interrupted after so many seconds. Then `gan evaluate`
judges five times 10,000 samples against the images that the run was trained on, in the features of the classifier that the program
trains on them: recipes of 32 x 32 at their own size. Prints a Markdown table for each size and kind of data, the nearest to
real images first, with every run in FOLDER (recipe-runs). What has been judged there is not trained again, so that a campaign
goes on after a stop; what was interrupted in training begins anew. `--pause` is that of quality_for_time.py.

Needs an idle machine for its seconds to mean something, and nothing but Python.
"""

import argparse
import json
import shutil
import subprocess
from itertools import groupby
from pathlib import Path

from programs import THREADS, train

RECIPES = [
    "tutorial", "mlp-large", "dcgan-28", "dcgan-32", "wgan-gp", "sngan-32", "r3gan-32", "cgan", "acgan", "projection", "quick-28",
]
"""Those for gray images that a quarter of an hour can train."""
METRICS = ["frechet-distance", "kid", "precision", "recall", "clipped-density", "clipped-coverage"]
SETS = 5


def train_and_judge(flags, recipe, seed, place):
    """Does so in a folder of its own; returns what is kept of it."""
    if place.exists():
        shutil.rmtree(place)
    place.mkdir(parents=True)
    _, seconds = train(
        [flags.gan, "train", "--recipe", recipe, "--seed", str(seed), "--data-dir", flags.data, "--runs-dir", place,
         "--threads", str(flags.threads), "--quiet"], flags.seconds, flags.pause)
    return {"recipe": recipe, "seed": seed, "seconds": seconds, "data": flags.data.resolve().name} | judgement(flags, place)


def judgement(flags, place):
    """The features that the run of a folder is compared by, its step and its metrics."""
    run = next(place.glob("0*"))
    document = json.loads(subprocess.run(
        [flags.gan, "evaluate", run, "--metrics", ",".join(METRICS), "--sets", str(SETS), "--json"],
        check=True, capture_output=True, text=True).stdout)
    result = document["results"][0]
    return {"features": document["features"]["sha256"], "step": result["step"], "metrics": result["metrics"]}


def cell(metric):
    """A value and its interval."""
    value, low, high = (f"{metric[key]:.3g}" for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def table(runs):
    """The runs whose metrics can be compared."""
    lines = ["| recipe | seed | seconds | steps | " + " | ".join(METRICS) + " |", "|---|---|---|---|" + "---|" * len(METRICS)]
    for run in sorted(runs, key=lambda run: run["metrics"][METRICS[0]]["value"]):
        lines.append(f"| `{run['recipe']}` | {run['seed']} | {run['seconds']:.0f} | {run['step']:,} | "
                     + " | ".join(cell(run["metrics"][name]) for name in METRICS) + " |")
    floors = runs[0]["metrics"]
    lines.append("| real images | | | | " + " | ".join(f"{floors[name]['floor']:.3g}" for name in METRICS) + " |")
    return "\n".join(lines)


def main():
    """Trains and judges what is missing, and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gan")
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("recipe-runs"))
    parser.add_argument("--recipe", action="append")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=660)
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--pause", type=Path)
    flags = parser.parse_args()

    for seed in range(flags.seeds):
        for recipe in flags.recipe or RECIPES:
            place = flags.folder.resolve() / f"{recipe}-{flags.data.resolve().name}-{seed}"
            facts = place / "facts.json"
            if not facts.exists():
                facts.write_text(json.dumps(train_and_judge(flags, recipe, seed, place)))

    def kind(run):
        return run["data"], run["features"]

    runs = sorted((json.loads(facts.read_text()) for facts in flags.folder.glob("*/facts.json")), key=kind)
    for (data, _), group in groupby(runs, key=kind):
        print(f"{data}\n\n{table(list(group))}\n")


if __name__ == "__main__":
    main()
