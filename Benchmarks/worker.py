"""A process that waits with everything prepared and times training steps when told.

It writes one line when ready; then each line it reads is a number of steps to run, answered by a
line with the milliseconds of one step. So a driver can alternate programs, round by round.
"""

import sys
import time
from collections.abc import Callable
from statistics import median

BLOCK_STEPS = 10
"""Steps between two readings of the clock; a program may queue work inside a block."""

WARM_UP_STEPS = 50


def milliseconds_per_step(run_steps: Callable[[int], None], steps: int) -> float:
    """Median over blocks; `run_steps` returns when so many steps are finished."""
    times = []
    for _ in range(max(1, steps // BLOCK_STEPS)):
        started = time.perf_counter()
        run_steps(BLOCK_STEPS)
        times.append((time.perf_counter() - started) * 1000 / BLOCK_STEPS)
    return median(times)


def serve(run_steps: Callable[[int], None]) -> None:
    """Answers requests until the input ends."""
    run_steps(WARM_UP_STEPS)
    print("ready", flush=True)
    for line in sys.stdin:
        print(f"{milliseconds_per_step(run_steps, int(line)):.6f}", flush=True)
