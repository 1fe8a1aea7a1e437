#!/usr/bin/env python3
"""Compares `gan` with PyTorch and JAX on the MNIST tutorial, alternating on the same two cores.

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
from programs import HERE, THREADS, Finished, Worker, run

OURS, PYTORCH, DETACHED, JAX, SCRIPT = (
    "gan", "PyTorch, eager", "PyTorch, eager, detached", "JAX, jit", "the tutorial's script"
)
OUR_STEPS = 300
PEER_STEPS = 100
OUR_EPOCHS = 2
CRITIC_STEPS = 50
"""Steps of five critic updates and a generator's, of every program."""
CRITIC_FLAGS = ("--objective", "wasserstein", "--penalty", "wgan-gp", "--set", "discriminatorSteps=5")

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
    """A line of the table: a quantity of ours, a peer's or none, and what it should be."""

    name: str
    ours: str
    peer: str
    value: float
    unit: str
    at_least: float | None = None
    below: float | None = None

    def cells(self) -> list[str]:
        """The line as cells of the table."""
        goal, verdict = "", ""
        if self.at_least is not None:
            goal, verdict = f"at least {self.at_least:g}", _verdict(self.value >= self.at_least)
        if self.below is not None:
            goal, verdict = f"under {self.below:g}", _verdict(self.value < self.below)
        return [self.name, self.ours, self.peer, f"{self.value:.3g}{self.unit}", goal, verdict]


class Comparison:
    """Measures everything, round by round."""

    def __init__(self, gan: Path, data: Path, scratch: Path) -> None:
        self._gan, self._data, self._scratch = str(gan.resolve()), str(data), scratch
        self._processors = machine.pin(THREADS)
        _progress(f"on processors {self._processors}")
        self.disturbance = Samples("")
        self.step = {name: Samples("ms") for name in (OURS, PYTORCH, DETACHED, JAX)}
        self.critic_step = {name: Samples("ms") for name in (OURS, PYTORCH, JAX)}
        self.epoch = {name: Samples("s") for name in (OURS, SCRIPT)}
        self.peak_fraction = Samples("")
        self.startup = Samples("s")
        self.whole_process = Samples("s")
        self.memory = {name: Samples("MB") for name in (OURS, SCRIPT)}

    def measure_steps(self, rounds: int) -> None:
        """One training step of each program, its data in memory."""
        with ExitStack() as stack:
            peers = {
                PYTORCH: Worker("pytorch_step.py", "--threads", str(THREADS)),
                DETACHED: Worker("pytorch_step.py", "--threads", str(THREADS), "--detach"),
                JAX: Worker("jax_step.py"),
            }
            for worker in peers.values():
                stack.enter_context(closing(worker))
            for number in range(rounds):
                self._look_for_others()
                report = self._bench("--steps", str(OUR_STEPS)).json()
                self.step[OURS].values.append(report["millisecondsPerStep"]["median"])
                self.peak_fraction.values.append(report["peakFraction"])
                for name, worker in peers.items():
                    self.step[name].values.append(worker.milliseconds_per_step(PEER_STEPS))
                latest = {name: round(each.values[-1], 2) for name, each in self.step.items()}
                _progress(f"step, round {number + 1} of {rounds}, ms: {latest}")

    def measure_critic_steps(self, rounds: int) -> None:
        """Five WGAN-GP critic updates and one of the generator, data in memory."""
        with ExitStack() as stack:
            peers = {
                PYTORCH: Worker("pytorch_critic_step.py", "--threads", str(THREADS)),
                JAX: Worker("jax_critic_step.py"),
            }
            for worker in peers.values():
                stack.enter_context(closing(worker))
            for number in range(rounds):
                self._look_for_others()
                report = self._bench(*CRITIC_FLAGS, "--steps", str(CRITIC_STEPS)).json()
                self.critic_step[OURS].values.append(report["millisecondsPerStep"]["median"])
                for name, worker in peers.items():
                    milliseconds = worker.milliseconds_per_step(CRITIC_STEPS)
                    self.critic_step[name].values.append(milliseconds)
                latest = {name: round(x.values[-1], 2) for name, x in self.critic_step.items()}
                _progress(f"critic steps, round {number + 1} of {rounds}, ms: {latest}")

    def measure_startup(self, rounds: int) -> None:
        """From the start of the process to the end of the first step, MNIST loaded."""
        for _ in range(rounds):
            finished = self._bench("--data-dir", self._data, "--steps", "1")
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
        """The table's lines."""
        ours = self.step[OURS]
        goals = {PYTORCH: 2.8, DETACHED: None, JAX: 1.25}
        lines = [
            Line(f"one step: {name} over gan", ours.text(), self.step[name].text(),
                 self.step[name].middle() / ours.middle(), "x", at_least=goal)
            for name, goal in goals.items()
        ]
        critic = self.critic_step[OURS]
        lines += [
            Line(f"five WGAN-GP critic steps and a generator's: {name} over gan", critic.text(),
                 self.critic_step[name].text(),
                 self.critic_step[name].middle() / critic.middle(), "x", at_least=goal)
            for name, goal in {PYTORCH: 2.5, JAX: 1.3}.items()
        ]
        epoch, script = self.epoch[OURS], self.epoch[SCRIPT]
        return lines + [
            Line("one step: share of the cores' peak", self.peak_fraction.text(), "",
                 self.peak_fraction.middle(), "", at_least=0.75),
            Line("one epoch, end to end: the tutorial's script over gan", epoch.text(),
                 script.text(), script.middle() / epoch.middle(), "x", at_least=6),
            Line("start to first step, MNIST loaded", self.startup.text(), "",
                 self.startup.middle(), " s", below=0.5),
            Line("the same, to the end of the process", self.whole_process.text(), "",
                 self.whole_process.middle(), " s"),
            Line("peak resident memory of training, highest", self.memory[OURS].text(),
                 self.memory[SCRIPT].text(), max(self.memory[OURS].values), " MB", below=200),
        ]

    def _look_for_others(self) -> None:
        """Notes how busy the processors are while nothing of ours runs."""
        share = machine.busy_share(self._processors)
        self.disturbance.values.append(share)
        if share > DISTURBED:
            _progress(f"warning: something else keeps the processors {share:.0%} busy")

    def _bench(self, *arguments: str) -> Finished:
        return run([self._gan, "bench", "--recipe", "tutorial", "--threads", str(THREADS),
                    "--json", *arguments])

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
    headings = ["", "gan", "peer", "result", "goal", "reached"]
    rows = [headings, ["---"] * len(headings)] + [x.cells() for x in comparison.lines()]
    body = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return (
        f"{body}\n\n"
        f"Measured on {date.today()} by `Benchmarks/compare.py`: {machine.description()}. "
        f"Every program on the same {THREADS} processors with {THREADS} threads, by turns; "
        f"medians (and ranges) of {rounds} rounds, {epoch_rounds} for whole epochs and memory. "
        f"Between rounds others kept the processors at most "
        f"{max(comparison.disturbance.values):.0%} busy.\n"
    )


def _verdict(reached: bool) -> str:
    return "yes" if reached else "no"


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gan", type=Path, required=True, help="the program, built for release")
    parser.add_argument("--data-dir", type=Path, required=True, help="folder with MNIST")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--epoch-rounds", type=int, default=7, help="rounds of whole epochs")
    parser.add_argument("--quick", action="store_true", help="three rounds, one of whole epochs")
    parser.add_argument("--markdown", type=Path, help="also write the table here")
    arguments = parser.parse_args()
    rounds, epoch_rounds = arguments.rounds, arguments.epoch_rounds
    if arguments.quick:
        rounds, epoch_rounds = 3, 1
    with tempfile.TemporaryDirectory() as scratch:
        comparison = Comparison(arguments.gan, arguments.data_dir, Path(scratch))
        comparison.measure_steps(rounds)
        comparison.measure_critic_steps(rounds)
        comparison.measure_startup(rounds)
        comparison.measure_epochs(epoch_rounds)
    result = table(comparison, rounds, epoch_rounds)
    print(result, end="")
    if arguments.markdown:
        arguments.markdown.write_text(result)


if __name__ == "__main__":
    main()
