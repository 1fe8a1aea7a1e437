#!/usr/bin/env python3
"""What several ranks on one machine gain, and what PyTorch's data parallelism makes of the same processors, by turns.

    python3 Benchmarks/ranks.py GAN MNIST [--rounds 5] [--game tutorial]

MNIST is a folder with its files. Each round trains, on one thread a process: one process; one with sums in four chunks; two
processes that know nothing of each other; two ranks; two ranks with four chunks; where there is batch normalisation, two ranks
that normalise by their own statistics, as PyTorch's do; two ranks of PyTorch (pytorch_ddp_step.py). A Markdown table gives images a
second, medians and ranges over the rounds, and what matters of their ratios.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import machine
from programs import HERE

CHUNKS = ("--set", "reduction.chunks=4")
OWN_STATISTICS = ("--set", "batchStatistics=rank")
GAMES = {
    "tutorial": (1_000, 300, ("--recipe", "tutorial", "--batch-size", "1000")),
    "dcgan-28": (64, 120, ("--recipe", "dcgan-28", "--set", "penalties=[]", "--set", "average.halfLife=0",
                           "--set", "reportInterval=20")),
}
"""The batch, steps of a run, and flags."""
NORMALISED = ("dcgan-28",)
"""Those with batch normalisation."""

ONE, CHUNKED, APART, TWO, TWO_CHUNKED, TWO_OWN, DDP = (
    "one process", "one process, 4 chunks", "two processes, each for itself", "two ranks", "two ranks, 4 chunks",
    "two ranks, statistics of their own", "PyTorch, two ranks")


def step_seconds(runs: str) -> tuple[float, float]:
    """Seconds of a step of the only run in a folder, and of its exchanges: medians over the reports but the first."""
    lines = [json.loads(line) for line in next(Path(runs).glob("*/stats.jsonl")).read_text().splitlines()]
    reports = [line for line in lines if "stepSeconds" in line][1:]
    return median(line["stepSeconds"] for line in reports), median(line.get("exchangeSeconds", 0) for line in reports)


class Measurement:
    """Trains games in every way, and keeps images a second."""

    def __init__(self, gan: Path, mnist: Path, scratch: Path) -> None:
        self._gan, self._mnist, self._scratch = str(gan.resolve()), str(mnist.resolve()), scratch
        self.speeds: dict[str, list[float]] = {}
        self.exchange: list[float] = []

    def round(self, game: str) -> None:
        """Everything once."""
        ways = {
            ONE: lambda: self._trained(game)[0],
            CHUNKED: lambda: self._trained(game, *CHUNKS)[0],
            APART: lambda: self._apart(game),
            TWO: lambda: self._ranked(game),
            TWO_CHUNKED: lambda: self._trained(game, "--ranks", "2", *CHUNKS)[0],
            DDP: lambda: self._pytorch(game),
        }
        if game in NORMALISED:
            ways[TWO_OWN] = lambda: self._trained(game, "--ranks", "2", *OWN_STATISTICS)[0]
        for name, measure in ways.items():
            self.speeds.setdefault(name, []).append(measure())
        print({name: round(values[-1]) for name, values in self.speeds.items()}, file=sys.stderr)

    def _start(self, game: str, runs: str, *more: str) -> subprocess.Popen[bytes]:
        _, steps, flags = GAMES[game]
        return subprocess.Popen(
            [self._gan, "train", *flags, "--steps", str(steps), "--threads", "1", "--data-dir", self._mnist,
             "--runs-dir", runs, "--set", "evaluation.interval=0", "--quiet", *more],
            stdout=subprocess.DEVNULL)

    def _read(self, game: str, runs: str) -> tuple[float, float]:
        """Images a second and the share of exchanges, medians over the reports but the first."""
        seconds, exchanged = step_seconds(runs)
        return GAMES[game][0] / seconds, exchanged / seconds

    def _finish(self, process: subprocess.Popen[bytes]) -> None:
        if process.wait():
            raise RuntimeError(f"gan ended with {process.returncode}")

    def _trained(self, game: str, *more: str) -> tuple[float, float]:
        with tempfile.TemporaryDirectory(dir=self._scratch) as runs:
            self._finish(self._start(game, runs, *more))
            return self._read(game, runs)

    def _ranked(self, game: str) -> float:
        speed, exchanged = self._trained(game, "--ranks", "2")
        self.exchange.append(exchanged)
        return speed

    def _apart(self, game: str) -> float:
        with tempfile.TemporaryDirectory(dir=self._scratch) as first, \
                tempfile.TemporaryDirectory(dir=self._scratch) as second:
            for process in [self._start(game, first), self._start(game, second)]:
                self._finish(process)
            return self._read(game, first)[0] + self._read(game, second)[0]

    def _pytorch(self, game: str) -> float:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        batch, steps, _ = GAMES[game]
        ranks = [
            subprocess.Popen(
                [sys.executable, str(HERE / "pytorch_ddp_step.py"), game, str(rank), "2", port, "--steps", str(steps)],
                stdout=subprocess.PIPE, env=os.environ | {"OMP_NUM_THREADS": "1"}, text=True)
            for rank in range(2)]
        answers = [rank.communicate()[0] for rank in ranks]
        if any(rank.returncode for rank in ranks):
            raise RuntimeError("PyTorch's ranks failed")
        return batch / float(answers[0]) * 1000

    def table(self) -> list[str]:
        """The rows of the table."""
        one, apart, two = (median(self.speeds[name]) for name in (ONE, APART, TWO))

        def over(name: str) -> str:
            own = median(self.speeds[name])
            return f"{own / one:.2f} of one process, {own / apart:.2f} of two apart"

        notes = {
            CHUNKED: f"{median(self.speeds[CHUNKED]) / one:.3f} of one process",
            APART: f"{apart / one:.2f} of one process",
            TWO: f"{over(TWO)}; exchanges {median(self.exchange):.1%} of a step",
            TWO_CHUNKED: f"{median(self.speeds[TWO_CHUNKED]) / two:.3f} of two ranks",
            DDP: f"two ranks of ours are {two / median(self.speeds[DDP]):.2f} times as fast",
        }
        if TWO_OWN in self.speeds:
            notes[TWO_OWN] = over(TWO_OWN)
        return [
            f"| {name} | {median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f}) | {notes.get(name, '')} |"
            for name, values in self.speeds.items()]


def main() -> None:
    """Measures, and prints a table for each game."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gan", type=Path)
    parser.add_argument("mnist", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--game", choices=GAMES, action="append")
    arguments = parser.parse_args()
    machine.pin(2)
    print(f"On {machine.hardware()}.")
    with tempfile.TemporaryDirectory() as scratch:
        for game in arguments.game or GAMES:
            measurement = Measurement(arguments.gan, arguments.mnist, Path(scratch))
            for _ in range(arguments.rounds):
                measurement.round(game)
            print(f"\n| {game}, a batch of {GAMES[game][0]} | images a second | |\n|---|---|---|", flush=True)
            print("\n".join(measurement.table()), flush=True)


if __name__ == "__main__":
    main()
