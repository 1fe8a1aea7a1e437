#!/usr/bin/env python3
"""Compares the speed of two builds of `gan`, alternating on the same two cores.

Prints a markdown table of medians over the rounds. In every round the first build runs twice: how much
it differs from itself says how small a difference between the two builds still means something.
"""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import machine
from programs import THREADS, run
from races import CRITIC, DCGAN, TUTORIAL

BEFORE, AFTER, AGAIN = "before", "after", "before, again"
ORDER = (BEFORE, AFTER, AGAIN)

DISTURBED = 0.05
"""Busy share of the processors between rounds above which the figures are worth little."""


@dataclass
class Quantity:
    """Something measured by one run of `gan bench`, and its values by build, one a round."""

    name: str
    bench: tuple[str, ...]
    steps: int
    values: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in ORDER})

    def measure(self, build: str, gan: Path) -> None:
        """Runs a build once."""
        command = [str(gan), "bench", *self.bench, "--steps", str(self.steps),
                   "--threads", str(THREADS), "--json"]
        report = run(command).json()
        is_step = self.steps > 1
        self.values[build].append(
            report["millisecondsPerStep"]["median"] if is_step else report["startupMilliseconds"])

    def ratios(self, build: str) -> list[float]:
        """How many times as long a build took as the first one in the same round."""
        return [x / y for x, y in zip(self.values[build], self.values[BEFORE], strict=True)]

    def cells(self) -> list[str]:
        """A line of the table."""
        def ratio(build: str) -> str:
            low, middle, high = spread(self.ratios(build))
            return f"{middle:.3f} ({low:.3f} to {high:.3f})"

        times = [f"{median(self.values[build]):.3f} ms" for build in (BEFORE, AFTER)]
        return [self.name, *times, ratio(AFTER), ratio(AGAIN)]


def spread(values: list[float]) -> tuple[float, float, float]:
    """The quartiles: half of the values lie between the first and the last."""
    ordered = sorted(values)
    return ordered[len(ordered) // 4], median(ordered), ordered[(3 * len(ordered) - 1) // 4]


def quantities() -> list[Quantity]:
    """What is measured."""
    return [
        *(Quantity(race.name, race.bench, race.steps) for race in (TUTORIAL, CRITIC, DCGAN)),
        Quantity("start to first step", TUTORIAL.bench, steps=1),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path, help="one `gan`, built for release")
    parser.add_argument("after", type=Path, help="another one")
    parser.add_argument("--rounds", type=int, default=15, help="runs of each build (15)")
    arguments = parser.parse_args()
    gans = {BEFORE: arguments.before, AFTER: arguments.after, AGAIN: arguments.before}
    processors = machine.pin(THREADS)
    measured, disturbed = quantities(), []
    for number in range(arguments.rounds):
        busy = machine.busy_share(processors)
        if busy > DISTURBED:
            disturbed.append(number + 1)
        print(f"round {number + 1} of {arguments.rounds}, others keep {busy:.0%} busy",
              file=sys.stderr)
        # Each build is first, second and last equally often.
        start = number % len(ORDER)
        for quantity in measured:
            for build in ORDER[start:] + ORDER[:start]:
                quantity.measure(build, gans[build].resolve())
    print("| what | before | after | after / before | before / itself |")
    print("|---|---|---|---|---|")
    for quantity in measured:
        print("| " + " | ".join(quantity.cells()) + " |")
    print(f"\nMedians of {arguments.rounds} rounds on {THREADS} threads; behind a ratio, between which "
          f"values half of the rounds lie. {machine.hardware()}.")
    if disturbed:
        print(f"Others kept the processors busy before {len(disturbed)} of the rounds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
