"""Times the grouped 3 x 3 convolutions of a step of R3GAN, and their gradients, against PyTorch's by turns.

    python3 Benchmarks/grouped_convolutions.py --gan .build/release/gan [--rounds 5] [--threads 1]

Ours are as `gan bench --profile` gives them, in the step: every kernel's fastest, of which those of one shape and kind are
averaged. PyTorch computes nothing else and goes around a few tensors, so that none is warm from the run before; its time is
the fastest of as many runs, in the faster of its two layouts. Prints a markdown table of medians over the rounds; the last row is all
of a step's together.
"""

import argparse
import re
import statistics
import subprocess
import time
from collections import defaultdict
from dataclasses import dataclass

import machine
import torch

RECIPE = "r3gan-32"
IMAGES = 32
STEPS = 5
TENSORS = 4
CHANNELS, WINDOW = 16, 9
"""Channels of a group, and taps of a window."""
KERNEL = re.compile(
    r"^\s+(?P<ms>[\d.]+) ms +(?P<speed>[\d.]+) GFLOP/s .*? product convolution(?P<kind>\w*) stride 1 padding 1 groups (?P<groups>\d+) "
    r".*?: core ")
KINDS = {"": "forward", "InputGradient": "gradient in images", "WeightGradient": "gradient in weights"}
LAYOUTS = (torch.contiguous_format, torch.channels_last)


@dataclass(frozen=True)
class Shape:
    """Of the images of a convolution, and its groups."""

    side: int
    groups: int

    @property
    def channels(self) -> int:
        """Of all groups."""
        return self.groups * CHANNELS


def ours(gan: str, threads: int) -> dict[tuple[Shape, str], list[float]]:
    """Milliseconds of every grouped convolution in a step; its multiplications say how large its images are."""
    run = subprocess.run(
        [gan, "bench", "--recipe", RECIPE, "--batch-size", str(IMAGES), "--threads", str(threads),
         "--steps", str(STEPS), "--profile"], capture_output=True, text=True, check=True)
    times = defaultdict(list)
    for kernel in filter(None, map(KERNEL.match, run.stderr.splitlines())):
        groups, milliseconds = int(kernel["groups"]), float(kernel["ms"])
        work = milliseconds * float(kernel["speed"]) * 1e6
        side = round((work / (2 * IMAGES * groups * CHANNELS * CHANNELS * WINDOW)) ** 0.5)
        times[Shape(side, groups), kernel["kind"]].append(milliseconds)
    return times


def fastest(run) -> float:
    """Milliseconds of the fastest of some runs, each on another tensor."""
    best = float("inf")
    for repetition in range(STEPS * TENSORS):
        started = time.perf_counter()
        run(repetition % TENSORS)
        best = min(best, time.perf_counter() - started)
    return best * 1000


def theirs(shape: Shape, kind: str) -> float:
    """PyTorch's milliseconds of one such convolution."""
    return min(theirs_in(layout, shape, kind) for layout in LAYOUTS)


def theirs_in(layout: torch.memory_format, shape: Shape, kind: str) -> float:
    size = (IMAGES, shape.channels, shape.side, shape.side)
    images, windows = (
        [torch.randn(size).to(memory_format=layout) for _ in range(TENSORS)] for _ in range(2))
    layer = torch.nn.Conv2d(shape.channels, shape.channels, 3, padding=1, groups=shape.groups)
    layer = layer.to(memory_format=layout)
    if kind == "":
        with torch.no_grad():
            return fastest(lambda i: layer(images[i]))
    wanted = [kind == "InputGradient", kind == "WeightGradient", False]
    return fastest(lambda i: torch.ops.aten.convolution_backward(
        windows[i], images[i], layer.weight, None, [1, 1], [1, 1], [1, 1], False, [0, 0], shape.groups, wanted))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gan", required=True, help="the program, built for release")
    parser.add_argument("--rounds", type=int, default=5, help="turns")
    parser.add_argument("--threads", type=int, default=1, help="threads of each program")
    arguments = parser.parse_args()
    machine.pin(arguments.threads)
    torch.set_num_threads(arguments.threads)
    rounds, counts = [], {}
    for _ in range(arguments.rounds):
        mine = ours(arguments.gan, arguments.threads)
        counts = {key: len(times) for key, times in mine.items()}
        rounds.append({key: (statistics.mean(times), theirs(*key)) for key, times in mine.items()})
    print(f"{machine.hardware()}, PyTorch {torch.__version__}, threads: {arguments.threads}\n")
    print("| channels, groups, side, images | | in a step | ours, ms | PyTorch, ms | ratio |")
    print("|---|---|--:|--:|--:|--:|")
    order = sorted(counts, key=lambda key: (-key[0].side, list(KINDS).index(key[1])))
    for shape, kind in order:
        row([each[shape, kind] for each in rounds], counts[shape, kind],
            f"{shape.channels}, {shape.groups}, {shape.side}, {IMAGES}", KINDS[kind])
    row([tuple(sum(counts[key] * each[key][i] for key in counts) for i in range(2)) for each in rounds],
        sum(counts.values()), "all of a step", "")


def row(pairs: list[tuple[float, float]], count: int, name: str, kind: str) -> None:
    """The medians of both, and the median and range of how many times faster ours was in a round."""
    mine, other = (statistics.median(values) for values in zip(*pairs))
    ratios = [theirs / ours for ours, theirs in pairs]
    print(f"| {name} | {kind} | {count} | {mine:.2f} | {other:.2f} | "
          f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |", flush=True)


if __name__ == "__main__":
    main()
