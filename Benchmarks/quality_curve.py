#!/usr/bin/env python3
"""Draws the table of docs/recipes.md that says what quality comes after how many minutes.

    python3 Benchmarks/quality_curve.py PICTURE

A cell of that table holds one Fréchet distance, or one for each seed, and in brackets the second they belong to. A line is
a program's median; the dashed line is that of real images.

Needs matplotlib from Benchmarks/requirements.txt.
"""

import argparse
import re
from pathlib import Path
from statistics import median

from matplotlib import pyplot
from matplotlib.ticker import FixedLocator, NullLocator, ScalarFormatter

PAGE = Path(__file__).resolve().parent.parent / "docs" / "recipes.md"
HEADING = "| about |"
REAL = "real images"
COLORS = ["#d55e00", "#0072b2", "#555555"]
"""Ours, ours, the peer's; distinct to colour-blind readers."""


def rows(page):
    """The table's cells, its heading first."""
    lines = iter(page.read_text().splitlines())
    start = next((line for line in lines if line.startswith(HEADING)), None)
    if start is None:
        raise SystemExit(f"{page}: no table that starts with {HEADING!r}")
    table = [start]
    for line in lines:
        if not line.startswith("|"):
            break
        table.append(line)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table if not set(line) <= set("|- ")]


def points(cells):
    """(second, distances) of each cell that has any, in order."""
    found = []
    for cell in filter(None, cells):
        match = re.fullmatch(r"([\d., ]+)\((\d+)[^)]*\)", cell)
        if not match:
            raise SystemExit(f"{PAGE}: {cell!r} has no distance and second")
        found.append((int(match[2]), [float(value) for value in match[1].split(",")]))
    return found


def main():
    """Reads the table and writes the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("picture", type=Path)
    flags = parser.parse_args()

    heading, *body = rows(PAGE)
    real = next(float(row[1]) for row in body if row[0] == REAL)
    figure, axes = pyplot.subplots(figsize=(7.2, 4), dpi=140, layout="constrained")
    for column, (name, color) in enumerate(zip(heading[1:], COLORS, strict=True), start=1):
        curve = points([row[column] for row in body if row[0] != REAL])
        seconds = [second for second, _ in curve]
        axes.plot(seconds, [median(values) for _, values in curve], color=color, marker="o", label=name.replace("`", ""))
        for second, values in curve:
            axes.plot([second] * len(values), values, color=color, marker="o", markersize=3, linestyle="none")
    axes.axhline(real, color="black", linestyle="--", linewidth=1, label=REAL)
    axes.set(xscale="log", yscale="log", xlabel="minutes of two cores, start included", ylabel="Fréchet distance")
    minutes = [0.5, 1, 2, 5, 10, 15]
    axes.xaxis.set_major_locator(FixedLocator([60 * minute for minute in minutes]))
    axes.xaxis.set_major_formatter(lambda second, _: f"{second / 60:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(FixedLocator([3, 10, 30, 100, 300]))
    axes.yaxis.set_major_formatter(ScalarFormatter())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(flags.picture, metadata={"Software": None})


if __name__ == "__main__":
    main()
