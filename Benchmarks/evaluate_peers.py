#!/usr/bin/env python3
"""Times gan evaluate against torch + torchmetrics + prdc, by turns: same images, network, counts, threads.

    evaluate_peers.py GAN MNIST FEATURES [--count N] [--threads T] [--turns K]

MNIST is a folder with train-images-idx3-ubyte, FEATURES the classifier's file that gan evaluate keeps in its
cache. Both read two .npy files of N images, compute features with the network, and then the Frechet distance,
the kernel distance (100 subsets of 1,000), precision, recall, density, coverage and classifier score; time is
that of the whole process, memory its peak. gan, which starts with an empty cache, also computes the floor: the
features of N more real images and all metrics once more. Which half of the real images is the reference
differs, so values agree only about as well as halves do. Needs Tests/Evaluation/requirements.txt.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests" / "Evaluation"))

SHARED = "frechet-distance,kid,precision,recall,density,coverage,classifier-score"


def peer(folder, features, threads):
    """What a Python user would write; prints its values."""
    import torch
    from prdc import compute_prdc
    from torchmetrics.image.fid import FrechetInceptionDistance
    from torchmetrics.image.inception import InceptionScore
    from torchmetrics.image.kid import KernelInceptionDistance

    from features import features_and_logits, load_networks

    torch.set_num_threads(threads)
    networks = load_networks(features)
    found = {}
    for name in ("real", "generated"):
        images = np.load(folder / f"{name}.npy")
        images = images[: len(images) // 2] if name == "real" else images
        found[name] = features_and_logits(networks, images)

    class Given(torch.nn.Module):
        """Features that are computed already: the network runs once, not once a metric."""

        num_features = found["real"][0].shape[1]

        def forward(self, x):
            return x

    fid = FrechetInceptionDistance(feature=Given())
    kid = KernelInceptionDistance(feature=Given(), subsets=100, subset_size=1000)
    for name in found:
        values = torch.from_numpy(found[name][0])
        fid.update(values, real=name == "real")
        kid.update(values, real=name == "real")
    score = InceptionScore(feature=Given(), splits=10)
    score.update(torch.from_numpy(found["generated"][1]))
    manifold = compute_prdc(found["real"][0], found["generated"][0], nearest_k=5)
    values = {"frechet-distance": fid.compute(), "kid": kid.compute()[0]}
    values["classifier-score"] = score.compute()[0]
    values = {name: float(value) for name, value in (values | manifold).items()}
    print(json.dumps(values))


def timed(command, folder, cache):
    """Seconds, peak MiB and standard output of a process."""
    environment = os.environ | {"XDG_CACHE_HOME": str(cache)}
    with open(folder / "output", "w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output)
        # What wait4 calls its peak includes that of the process that started it.
        peak = 0
        while process.poll() is None:
            try:
                status = Path(f"/proc/{process.pid}/status").read_text()
                peak = max(peak, int(status.split("VmHWM:")[1].split()[0]))
            except (OSError, IndexError):
                pass
            time.sleep(0.01)
        seconds = time.perf_counter() - start
        output.seek(0)
        if process.returncode != 0:
            sys.exit(f"{command[0]} failed")
        return seconds, peak / 1024, output.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("mnist")
    parser.add_argument("features")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--peer-in", help=argparse.SUPPRESS)
    flags = parser.parse_args()
    features = str(Path(flags.features).resolve())
    if flags.peer_in:
        return peer(Path(flags.peer_in), features, flags.threads)

    from features import read_idx_images

    images = read_idx_images(next(Path(flags.mnist).glob("train-images*")))
    count = flags.count
    noise = np.random.default_rng(0).normal(0, 25, (count,) + images.shape[1:])
    generated = np.clip(images[2 * count : 3 * count] + noise, 0, 255).round().astype(np.uint8)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "real.npy", images[: 2 * count])
        np.save(folder / "generated.npy", generated)
        ours = [str(Path(flags.program).resolve()), "evaluate", "generated.npy", "--against", "real.npy"]
        ours += ["--features", features, "--count", str(count), "--sets", "1", "--json", "--quiet"]
        ours += ["--threads", str(flags.threads)]
        theirs = [sys.executable, str(HERE / "evaluate_peers.py"), flags.program, flags.mnist, features]
        theirs += ["--threads", str(flags.threads), "--peer-in", name]
        commands = {
            "gan, the shared metrics": ours + ["--metrics", SHARED],
            "gan, all metrics": ours,
            "torch + torchmetrics + prdc": theirs,
        }
        times = {label: [] for label in commands}
        memory = dict.fromkeys(commands, 0.0)
        outputs = {}
        for turn in range(flags.turns):
            for label, command in commands.items():
                cache = folder / f"cache-{turn}-{len(times[label])}-{len(label)}"
                seconds, peak, outputs[label] = timed(command, folder, cache)
                times[label].append(seconds)
                memory[label] = max(memory[label], peak)
        for label in commands:
            print(f"{label:30} {statistics.median(times[label]):7.2f} s ", end="")
            print(f"({min(times[label]):.2f} to {max(times[label]):.2f}), {memory[label]:6.0f} MiB")
        print(outputs["torch + torchmetrics + prdc"].splitlines()[-1])
        metrics = json.loads(outputs["gan, the shared metrics"])["results"][0]["metrics"]
        print(json.dumps({name: entry["value"] for name, entry in metrics.items()}))


if __name__ == "__main__":
    main()
