"""Hyperparameters that follow schedules: the values of options, and how they change over images."""

import math
import re

SCHEDULE = re.compile(r"(\S+) to (\S+) over (\d+) (linear|cosine)")


def value_at(option: float | str, images: int) -> float:
    """The value of an option once so many real images were seen: a number, or a change of one."""
    if not isinstance(option, str):
        return option
    match = SCHEDULE.fullmatch(option)
    if match is None:
        raise ValueError(f"{option!r}: neither a number nor a change of one")
    start, end = float(match[1]), float(match[2])
    fraction = min(images / int(match[3]), 1)
    share = fraction if match[4] == "linear" else (1 - math.cos(math.pi * fraction)) / 2
    return start + (end - start) * share
