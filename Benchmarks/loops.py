#!/usr/bin/env python3
"""Times every loop of Sources/CKernels, a tile at a time, for every instruction set this processor has.

Prints a markdown table: nanoseconds an element, the least of several runs. A loop that the compiler
did not make vectors of stands out.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
KERNELS = PACKAGE / "Sources/CKernels"


def main() -> None:
    sources = [PACKAGE / "Benchmarks/loops.c", KERNELS / "instruction_set.c",
               *sorted(KERNELS.glob("loops*.c"))]
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "loops"
        compiler = os.environ.get("CC", "clang")
        subprocess.run([compiler, "-O2", "-I", KERNELS / "include", *sources, "-pthread", "-o", program],
                       check=True)
        lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    for place, line in enumerate(lines.splitlines()):
        name, *figures = line.split("\t")
        print("| " + " | ".join([name, *figures]) + " |")
        if place == 0:
            print("|---" + "|--:" * len(figures) + "|")


if __name__ == "__main__":
    sys.exit(main())
