#!/usr/bin/env python3
"""The memory of ranks on one machine: what each has for itself, and what they have together. Linux alone tells.

    python3 Benchmarks/rank_memory.py GAN MNIST [--ranks 4]

MNIST is a folder with its files. Trains the tutorial as one process and as ranks, and prints, once steps are made, the sum of the
processes' proportional set sizes, in which memory that several map counts once.
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import machine

MEGABYTE = 1e6 / 1024
"""In the kilobytes of the kernel."""


def kilobytes(pid: int) -> tuple[int, int]:
    """A process's proportional set size, and what it alone has."""
    fields = dict(
        (line.split(":")[0], line.split()[1]) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return int(fields["Pss"]), int(fields["Private_Dirty"]) + int(fields["Private_Clean"])


def measured(gan: str, mnist: str, ranks: int) -> list[tuple[int, int]]:
    """Both of each process that trains."""
    with tempfile.TemporaryDirectory() as runs:
        launch = subprocess.Popen(
            [gan, "train", "--data-dir", mnist, "--runs-dir", runs, "--threads", "1", "--set", "evaluation.interval=0",
             "--ranks", str(ranks), "--quiet"], stdout=subprocess.DEVNULL)
        while not any("stepSeconds" in path.read_text() for path in Path(runs).glob("*/stats.jsonl")):
            time.sleep(0.2)
            if launch.poll() is not None:
                raise RuntimeError(f"gan ended with {launch.returncode}")
        # With one rank it is the process itself; with several those that mpirun has started.
        trainers = [pid for pid in machine.family(launch.pid) if ranks == 1 or pid != launch.pid]
        name = Path(gan).name[:15]
        found = [kilobytes(pid) for pid in trainers if Path(f"/proc/{pid}/comm").read_text().strip() == name]
        launch.terminate()
        launch.wait()
        return found


def main() -> None:
    """Measures one process and several."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gan", type=Path)
    parser.add_argument("mnist", type=Path)
    parser.add_argument("--ranks", type=int, default=4)
    arguments = parser.parse_args()
    print(f"On {machine.hardware()}.\n\n| processes | together, MB | each for itself, MB |\n|---|---|---|")
    for ranks in sorted({1, arguments.ranks}):
        sizes = measured(str(arguments.gan.resolve()), str(arguments.mnist.resolve()), ranks)
        own = " ".join(f"{private / MEGABYTE:.0f}" for _, private in sizes)
        print(f"| {len(sizes)} | {sum(pss for pss, _ in sizes) / MEGABYTE:.0f} | {own} |")


if __name__ == "__main__":
    main()
