"""Says who computes the products and convolutions of every recipe, under every instruction set that this
processor has: the share of their time that is the core's, and that of its minimal filtering.

    python3 Benchmarks/served.py --gan .build/release/gan [--steps 1] [--set avx2]

Prints a markdown table, a row as soon as it is known: without vectors residual networks take minutes. Steps are of batches
of 16; times are each kernel's fastest of a few steps, as `gan bench --profile` gives them.
"""

import argparse
import json
import os
import re
import subprocess

SETS = ("avx512", "avx2", "sse4", "baseline", "neon")
KERNEL = re.compile(r"^\s+([\d.]+) ms .*? product (?P<work>.*?): (?P<server>.*)$")


def recipes(gan):
    listed = subprocess.run([gan, "recipes", "list", "--json"], capture_output=True, text=True, check=True)
    return [row["name"] for row in json.loads(listed.stdout)]


def shares(gan, recipe, instruction_set, steps):
    """The shares of the core and of minimal filtering in a recipe's step; None where the set is refused."""
    environment = dict(os.environ, GAN_MAX_ISA=instruction_set)
    run = subprocess.run(
        [gan, "bench", "--recipe", recipe, "--batch-size", "16", "--steps", str(steps), "--profile"],
        capture_output=True, text=True, env=environment)
    if run.returncode == 78:
        return None
    run.check_returncode()
    total = core = minimal = 0.0
    for line in (run.stdout + run.stderr).splitlines():
        kernel = KERNEL.match(line)
        if not kernel:
            continue
        time = float(kernel.group(1))
        total += time
        if kernel.group("server").startswith("core"):
            core += time
        if "minimal filtering" in kernel.group("server"):
            minimal += time
    return core / total, minimal / total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gan", required=True, help="the program, built for release")
    parser.add_argument("--steps", type=int, default=1, help="steps that are profiled")
    parser.add_argument("--set", action="append", help="an instruction set to look at, repeatable; all that there are by default")
    parser.add_argument("--recipe", action="append", help="a recipe to look at, repeatable; all by default")
    arguments = parser.parse_args()
    sets = [
        name for name in arguments.set or SETS
        if shares(arguments.gan, "tutorial", name, 1) is not None]
    print("| recipe | " + " | ".join(f"{name}: core (minimal filtering)" for name in sets) + " |")
    print("| --- |" + " --- |" * len(sets), flush=True)
    for recipe in arguments.recipe or recipes(arguments.gan):
        cells = [shares(arguments.gan, recipe, name, arguments.steps) for name in sets]
        words = [f"{core:.3f} ({minimal:.2f})" for core, minimal in cells]
        print(f"| {recipe} | " + " | ".join(words) + " |", flush=True)


if __name__ == "__main__":
    main()
