#!/usr/bin/env python3
"""Compares `gan` with PyTorch and JAX, alternating on the same two cores.

Prints a markdown table of medians; see README.md for what each line means.
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import machine
import programs
from programs import HERE, THREADS, Finished, run
from races import RACES, Race

OURS, SCRIPT = "gan", "the tutorial's script"
OUR_EPOCHS = 2
STARTUP, EPOCH = "startup", "epoch"
PARTS = (*RACES, STARTUP, EPOCH)
"""Whatever can be measured on its own, in the table's order."""

DISTURBED = 0.05
"""Busy share of the processors between rounds above which the figures are worth little."""


@dataclass
class Samples:
    """The measurements of one quantity for one program, a value for each round."""

    unit: str
    values: list[float] = field(default_factory=list)

    def middle(self) -> float:
        return median(self.values)

    def text(self) -> str:
        """The median, with the range of the rounds."""
        low, high = min(self.values), max(self.values)
        middle = f"{self.middle():.3g} {self.unit}".strip()
        return f"{middle} ({low:.3g} to {high:.3g})"


@dataclass(frozen=True)
class Line:
    """A line of the table: a quantity of ours, a peer's or none, and their ratio or its value."""

    name: str
    ours: str
    peer: str
    value: float
    unit: str

    def cells(self) -> list[str]:
        """The line as cells of the table."""
        return [self.name, self.ours, self.peer, f"{self.value:.3g}{self.unit}"]


class RaceResult:
    """What was measured of a race."""

    def __init__(self, race: Race) -> None:
        self.race = race
        self.ours = Samples("ms")
        self.peers = {name: Samples("ms") for name in race.peers}
        self.peak_fraction = Samples("")

    def latest(self) -> str:
        """The round that has just ended."""
        all_of_it = {OURS: self.ours} | self.peers
        return ", ".join(f"{name} {each.values[-1]:.3g}" for name, each in all_of_it.items())

    def lines(self) -> list[Line]:
        """A line for each peer, and one for the share of the peak where that is of interest."""
        lines = [
            Line(f"{self.race.name}: {name} over gan", self.ours.text(), times.text(),
                 times.middle() / self.ours.middle(), "x")
            for name, times in self.peers.items()
        ]
        if self.race.shows_peak:
            lines.append(Line(
                f"{self.race.name}: share of the cores' peak", self.peak_fraction.text(), "",
                self.peak_fraction.middle(), ""))
        return lines


class Comparison:
    """Measures everything, round by round."""

    def __init__(self, gan: Path, data: Path | None, scratch: Path) -> None:
        self._gan, self._data, self._scratch = str(gan.resolve()), str(data), scratch
        self._processors = machine.pin(THREADS)
        _progress(f"on processors {self._processors}")
        self.disturbance = Samples("")
        self.races: list[RaceResult] = []
        self.epoch = {name: Samples("s") for name in (OURS, SCRIPT)}
        self.startup = Samples("s")
        self.whole_process = Samples("s")
        self.memory = {name: Samples("MB") for name in (OURS, SCRIPT)}

    def measure(self, part: str, rounds: int, epoch_rounds: int) -> None:
        """One of `PARTS`."""
        if part == STARTUP:
            self.measure_startup(rounds)
        elif part == EPOCH:
            self.measure_epochs(epoch_rounds)
        else:
            for race in RACES[part]:
                self.measure_race(race, rounds)

    def measure_race(self, race: Race, rounds: int) -> None:
        """One training step of each program, its data in memory."""
        if programs.limits:
            race = race.limited()
        result = RaceResult(race)
        with ExitStack() as stack:
            workers = {
                name: stack.enter_context(closing(peer.start()))
                for name, peer in race.peers.items()
            }
            for number in range(rounds):
                self._look_for_others()
                report = self._bench(*race.bench, "--steps", str(race.steps)).json()
                result.ours.values.append(report["millisecondsPerStep"]["median"])
                result.peak_fraction.values.append(report["peakFraction"])
                for name, worker in workers.items():
                    milliseconds = worker.milliseconds_per_step(race.peer_steps)
                    result.peers[name].values.append(milliseconds)
                _progress(f"{race.name}, round {number + 1} of {rounds}, ms: {result.latest()}")
        self.races.append(result)

    def measure_startup(self, rounds: int) -> None:
        """From the start of the process to the end of the first step, MNIST loaded."""
        self._look_for_others()
        for _ in range(rounds):
            finished = self._bench("--recipe", "tutorial", "--data-dir", self._data, "--steps", "1")
            self.startup.values.append(finished.json()["startupMilliseconds"] / 1000)
            self.whole_process.values.append(finished.seconds)
        _progress(f"start to first step: {self.startup.text()}")

    def measure_epochs(self, rounds: int) -> None:
        """Whole training runs, pictures and weights included."""
        for number in range(rounds):
            self._look_for_others()
            ours = self._train()
            self.epoch[OURS].values.append(ours.seconds / OUR_EPOCHS)
            self.memory[OURS].values.append(ours.peak_megabytes)
            script = self._tutorial_script()
            self.epoch[SCRIPT].values.append(script.json()["secondsPerEpoch"])
            self.memory[SCRIPT].values.append(script.peak_megabytes)
            latest = {name: round(each.values[-1], 2) for name, each in self.epoch.items()}
            _progress(f"epoch, round {number + 1} of {rounds}, s: {latest}")

    def lines(self) -> list[Line]:
        """The table's lines, of what was measured."""
        lines = [line for race in self.races for line in race.lines()]
        if self.startup.values:
            lines += [
                Line("start to first step, MNIST loaded", self.startup.text(), "",
                     self.startup.middle(), " s"),
                Line("the same, to the end of the process", self.whole_process.text(), "",
                     self.whole_process.middle(), " s"),
            ]
        if self.epoch[OURS].values:
            epoch, script = self.epoch[OURS], self.epoch[SCRIPT]
            lines += [
                Line("one epoch, end to end: the tutorial's script over gan", epoch.text(),
                     script.text(), script.middle() / epoch.middle(), "x"),
                Line("peak resident memory of training, highest", self.memory[OURS].text(),
                     self.memory[SCRIPT].text(), max(self.memory[OURS].values), " MB"),
            ]
        return lines

    def _look_for_others(self) -> None:
        """Notes how busy the processors are while nothing of ours runs."""
        share = machine.busy_share(self._processors)
        self.disturbance.values.append(share)
        if share > DISTURBED:
            _progress(f"warning: something else keeps the processors {share:.0%} busy")

    def _bench(self, *arguments: str) -> Finished:
        return run([self._gan, "bench", "--threads", str(THREADS), "--json", *arguments])

    def _train(self) -> Finished:
        with tempfile.TemporaryDirectory(dir=self._scratch) as runs:
            return run([self._gan, "train", "--recipe", "tutorial", "--threads", str(THREADS),
                        "--epochs", str(OUR_EPOCHS), "--data-dir", self._data,
                        "--runs-dir", runs])

    def _tutorial_script(self) -> Finished:
        with tempfile.TemporaryDirectory(dir=self._scratch) as output:
            return run([sys.executable, str(HERE / "tutorial_script.py"), "--epochs", "1",
                        "--threads", str(THREADS), "--data-dir", self._data,
                        "--output", output])


def table(comparison: Comparison, rounds: int, epoch_rounds: int) -> str:
    """The results as markdown."""
    headings = ["", "gan", "peer", "result"]
    rows = [headings, ["---"] * len(headings)] + [x.cells() for x in comparison.lines()]
    epochs = ""
    if comparison.epoch[OURS].values:
        epochs = f", {epoch_rounds} for whole epochs and memory"
    limit = "Both were limited to AVX2 and FMA, which JAX cannot be. " if programs.limits else ""
    body = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return (
        f"{body}\n\n"
        f"Measured on {date.today()} by `Benchmarks/compare.py`: {machine.description()}. {limit}"
        f"Every program on the same {THREADS} processors with {THREADS} threads, by turns; "
        f"medians (and ranges) of {rounds} rounds{epochs}. "
        f"Between rounds others kept the processors at most "
        f"{max(comparison.disturbance.values):.0%} busy.\n"
    )


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gan", type=Path, required=True, help="the program, built for release")
    parser.add_argument("--data-dir", type=Path,
                        help=f"folder with MNIST; {STARTUP} and {EPOCH} need it")
    parser.add_argument("--only", action="append", choices=PARTS, metavar="PART",
                        help=f"measure just this of {', '.join(PARTS)}; repeatable")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--epoch-rounds", type=int, default=7, help="rounds of whole epochs")
    parser.add_argument("--avx2", action="store_true",
                        help="limit programs to AVX2 and FMA, as most processors have, and leave JAX out")
    parser.add_argument("--quick", action="store_true", help="three rounds, one of whole epochs")
    parser.add_argument("--markdown", type=Path, help="also write the table here")
    arguments = parser.parse_args()
    parts = [part for part in PARTS if part in (arguments.only or PARTS)]
    if arguments.data_dir is None and (STARTUP in parts or EPOCH in parts):
        parser.error(f"{STARTUP} and {EPOCH} need --data-dir")
    if arguments.avx2:
        programs.limits = programs.AVX2
    rounds, epoch_rounds = arguments.rounds, arguments.epoch_rounds
    if arguments.quick:
        rounds, epoch_rounds = 3, 1
    with tempfile.TemporaryDirectory() as scratch:
        comparison = Comparison(arguments.gan, arguments.data_dir, Path(scratch))
        for part in parts:
            comparison.measure(part, rounds, epoch_rounds)
    result = table(comparison, rounds, epoch_rounds)
    print(result, end="")
    if arguments.markdown:
        arguments.markdown.write_text(result)


if __name__ == "__main__":
    main()
