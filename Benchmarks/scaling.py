#!/usr/bin/env python3
"""A model of a step's time against ranks, network and batch, fitted here, and how well it foretells two hosts on a slow line.

    python3 Benchmarks/scaling.py GAN MNIST [--hosts]

MNIST is a folder with its files. A rank of n items computes for a + b n; a and b are fitted to runs of one process on one thread.
Exchanges are those of the step's own graph, as GAN_EXPLAIN prints it: N ranks halve what they add up log2 N times and put it together
as often, so that a vector of v bytes takes 2 log2 N messages and 2 (1 - 1/N) v bytes of each rank; vectors below 16 KiB go whole,
log2 N times. A message takes the line's delay once, and three times where it is too long to be sent unasked (64 KiB with TCP).

With --hosts, as root, two hosts (two_hosts.py) train over a line of 50 Mbit/s and 20 ms there and back.
"""

import argparse
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import linear_regression

import machine
import two_hosts
from ranks import OWN_STATISTICS, step_seconds

HALVED, UNASKED = 16_384, 65_536
"""Bytes from which vectors are halved, and of the longest message that is sent without asking."""

DCGAN = ("--recipe", "dcgan-28", "--set", "penalties=[]", "--set", "average.halfLife=0")
GAMES = {
    "tutorial": (1_000, ("--recipe", "tutorial")),
    "dcgan-28": (64, DCGAN),
    "dcgan-28, statistics of each rank": (64, (*DCGAN, *OWN_STATISTICS)),
}
"""The batch, and flags."""


@dataclass(frozen=True)
class Network:
    """A line between any two ranks."""

    name: str
    bytes_per_second: float
    delay: float
    """Seconds one way."""


SLOW = Network("50 Mbit/s, 20 ms there and back", 50e6 / 8, 0.010)
NETWORKS = (
    Network("1 Gbit/s, 0.1 ms", 125e6, 50e-6), Network("10 Gbit/s, 0.05 ms", 1.25e9, 25e-6),
    Network("100 Gbit/s, 0.005 ms", 12.5e9, 2.5e-6))
RANKS = (1, 2, 4, 8, 16, 32, 64)


@dataclass(frozen=True)
class Model:
    """A game's step."""

    seconds_per_step: float
    seconds_per_item: float
    exchanged: tuple[int, ...]
    """Bytes of each exchange."""

    def seconds(self, ranks: int, batch: int, network: Network) -> float:
        """A step's time."""
        computing = self.seconds_per_step + self.seconds_per_item * batch / ranks
        return computing + sum(self._exchange(size, ranks, network) for size in self.exchanged)

    def _exchange(self, size: int, ranks: int, network: Network) -> float:
        rounds = log2(ranks)
        if size < HALVED:
            return rounds * (network.delay + size / network.bytes_per_second)
        lengths = [size / 2 ** (index + 1) for index in range(round(rounds))]
        return sum(
            2 * ((3 if length > UNASKED else 1) * network.delay + length / network.bytes_per_second) for length in lengths)


class Measurement:
    """Trains a game in several ways."""

    def __init__(self, gan: Path, mnist: Path, game: str) -> None:
        self._gan, self._mnist = str(gan.resolve()), str(mnist.resolve())
        self.batch, self._flags = GAMES[game]

    def _command(self, runs: str, batch: int, steps: int, *more: str) -> list[str]:
        return [
            self._gan, "train", *self._flags, "--batch-size", str(batch), "--steps", str(steps), "--threads", "1",
            "--data-dir", self._mnist, "--runs-dir", runs, "--set", "evaluation.interval=0", "--set",
            f"reportInterval={max(1, steps // 6)}", "--quiet", *more]

    def alone(self, batch: int) -> float:
        """A step of one process."""
        with tempfile.TemporaryDirectory() as runs:
            steps = max(30, round(60 * self.batch / batch))
            subprocess.run(self._command(runs, batch, steps), check=True, stdout=subprocess.DEVNULL)
            return step_seconds(runs)[0]

    def exchanged(self) -> tuple[int, ...]:
        """Bytes of each exchange of a step among two ranks."""
        with tempfile.TemporaryDirectory() as runs:
            result = subprocess.run(
                self._command(runs, self.batch, 1, "--ranks", "2"), check=True, capture_output=True, text=True,
                env=os.environ | {"GAN_EXPLAIN": "1"})
        found = re.findall(r"^ *(\d+): allReduce float32\[(\d+)\]: ", result.stderr, re.MULTILINE)
        # Both ranks explain every program: the step without measurements is the shortest list of them.
        programs: list[list[int]] = []
        last = -1
        for place, count in found:
            if int(place) <= last or not programs:
                programs.append([])
            last = int(place)
            programs[-1].append(4 * int(count))
        return tuple(min(programs, key=len))

    def model(self) -> Model:
        """The model, fitted to batches of an eighth to a whole one."""
        batches = [self.batch // share for share in (8, 4, 2, 1)]
        seconds = [self.alone(batch) for batch in batches]
        fit = linear_regression(batches, seconds)
        return Model(max(fit.intercept, 0), fit.slope, self.exchanged())

    def on_two_hosts(self, steps: int) -> float:
        """A step of two ranks on two hosts."""
        with tempfile.TemporaryDirectory() as scratch, two_hosts.line(8 * SLOW.bytes_per_second, 2 * SLOW.delay):
            runs = f"{scratch}/runs"
            two_hosts.launch(Path(scratch), self._command(runs, self.batch, steps))
            return step_seconds(runs)[0]


def main() -> None:
    """Fits, foretells, and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gan", type=Path)
    parser.add_argument("mnist", type=Path)
    parser.add_argument("--hosts", action="store_true")
    arguments = parser.parse_args()
    print(f"On {machine.hardware()}.")
    for game in GAMES:
        measurement = Measurement(arguments.gan, arguments.mnist, game)
        model, batch = measurement.model(), measurement.batch
        print(
            f"\n{game}: {1000 * model.seconds_per_step:.2f} ms + {1e6 * model.seconds_per_item:.1f} us an item; "
            f"{len(model.exchanged)} exchanges of {sum(model.exchanged) / 1e6:.2f} MB", flush=True)
        if arguments.hosts:
            foretold, measured = model.seconds(2, batch, SLOW), measurement.on_two_hosts(30)
            print(f"two hosts, {SLOW.name}: {1000 * measured:.0f} ms, foretold {1000 * foretold:.0f} ms "
                  f"({foretold / measured - 1:+.0%})", flush=True)
        print(f"\n| {game}, a batch of {batch} | " + " | ".join(f"{ranks}" for ranks in RANKS) + " |")
        print("|---|" + "---|" * len(RANKS))
        for network in NETWORKS:
            seconds = [model.seconds(ranks, batch, network) for ranks in RANKS]
            print(f"| {network.name} | " + " | ".join(f"{seconds[0] / value:.2f}" for value in seconds) + " |")


if __name__ == "__main__":
    main()
