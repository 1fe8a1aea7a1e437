#!/usr/bin/env python3
"""Compares what two builds of `gan` compute, byte for byte.

Traces every case of the parity suite with both and compares all tensors; then trains two epochs of
the tutorial and one of dcgan-28 with both and compares weights, checkpoints, pictures and
statistics. Metadata may differ, and the later build may write more tensors and keys than the
earlier one; every tensor, picture and value of the earlier build must be there unchanged.
"""

import argparse
import json
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cases import CASES, QUICK_CASES, Case
from run_parity import Program

RUNS = {
    "tutorial, 2 epochs": ["--recipe", "tutorial", "--epochs", "2"],
    "dcgan-28, 1 epoch": ["--recipe", "dcgan-28", "--epochs", "1"],
}
REFUSED = (64, 78)
"""Exit codes of a build that does not know an option, or what it is asked for."""


def tensors(path: Path) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    """The tensors of a safetensors file by name: element type, shape and bytes."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        found[name] = (entry["dtype"], tuple(entry["shape"]), content[start:end])
    return found


def differences(before: Path, after: Path) -> tuple[list[str], int, int]:
    """What is missing or changed of a file's tensors; how many are equal; how many are new."""
    old, new = tensors(before), tensors(after)
    wrong = [f"{name}: missing" for name in old if name not in new]
    wrong += [f"{name}: changed" for name in old if name in new and old[name] != new[name]]
    return wrong, len(old) - len(wrong), len(new.keys() - old.keys())


class Comparison:
    """Both programs, and what was found so far."""

    def __init__(self, before: Path, after: Path, data: Path, scratch: Path) -> None:
        self._programs = []
        for name, gan in (("before", before), ("after", after)):
            folder = scratch / name
            folder.mkdir()
            self._programs.append((Program(gan, data, folder), gan.resolve(), folder))
        self._data = data
        self.wrong: list[str] = []
        self.compared = 0

    def _both(self, arguments: Any) -> list[subprocess.CompletedProcess[str]]:
        """Runs both builds side by side; `arguments` makes a build's from its folder and program."""
        def run(entry: tuple[Program, Path, Path]) -> subprocess.CompletedProcess[str]:
            program, gan, folder = entry
            command = [str(gan), *map(str, arguments(program, folder))]
            return subprocess.run(command, capture_output=True, text=True, check=False)

        with ThreadPoolExecutor(max_workers=2) as pool:
            return list(pool.map(run, self._programs))

    def trace(self, case: Case) -> None:
        """Compares the traces of a case."""
        results = self._both(lambda program, folder: [
            "trace", *case.flags(), "--steps", str(case.steps), *program.data_flags(case),
            "--output", folder / "trace.safetensors"])
        name = " ".join(case.flags())
        if results[0].returncode in REFUSED and results[1].returncode == 0:
            print(f"new      {name}: the earlier build does not know it")
            return
        if self._failed(name, results):
            return
        self._compare(name, "trace.safetensors")

    def run(self, name: str, flags: list[str]) -> None:
        """Compares the folders of a run."""
        results = self._both(lambda _, folder: [
            "train", *flags, "--dataset", "mnist", "--data-dir", self._data, "--seed", "0",
            "--quiet", "--runs-dir", folder / name])
        if self._failed(name, results):
            return
        before, after = (next((folder / name).iterdir()) for _, _, folder in self._programs)
        for path in sorted(before.rglob("*")):
            relative = path.relative_to(before)
            other = after / relative
            if path.is_dir() or path.name in ("log.txt", "environment.json", "options.json"):
                continue
            if not other.exists():
                self._say(f"{name}, {relative}", ["missing"], 0, 0)
            elif path.suffix == ".safetensors":
                self._say(f"{name}, {relative}", *differences(path, other))
            elif path.name == "stats.jsonl":
                self._say(f"{name}, {relative}", *self._statistics(path, other))
            else:
                changed = [] if path.read_bytes() == other.read_bytes() else ["other bytes"]
                self._say(f"{name}, {relative}", changed, 1 - len(changed), 0)

    @staticmethod
    def _statistics(before: Path, after: Path) -> tuple[list[str], int, int]:
        """Compares the values of the earlier build's keys, line by line, but for times."""
        old, new = ([json.loads(line) for line in path.read_text().splitlines()]
                    for path in (before, after))
        wrong = [] if len(old) == len(new) else [f"{len(old)} lines, then {len(new)}"]
        equal = 0
        for number, (line, other) in enumerate(zip(old, new), start=1):
            for key, value in line.items():
                if key.endswith(("Seconds", "PerSecond")):
                    continue
                if key in other and other[key] == value:
                    equal += 1
                else:
                    wrong.append(f"line {number}, {key}: {value}, then {other.get(key)}")
        added = len(new[0].keys() - old[0].keys()) if old and new else 0
        return wrong, equal, added

    def _failed(self, name: str, results: list[subprocess.CompletedProcess[str]]) -> bool:
        for result in results:
            if result.returncode != 0:
                words = " ".join(result.stderr.split())
                self.wrong.append(f"{name}: exit code {result.returncode}: {words}")
                print(f"FAILED   {self.wrong[-1]}", flush=True)
                return True
        return False

    def _compare(self, name: str, file: str) -> None:
        paths = [folder / file for _, _, folder in self._programs]
        self._say(name, *differences(*paths))
        for path in paths:
            path.unlink()

    def _say(self, name: str, wrong: list[str], equal: int, added: int) -> None:
        self.compared += equal
        self.wrong += [f"{name}: {sentence}" for sentence in wrong]
        more = f", {added} new" if added else ""
        verdict = f"{len(wrong)} DIFFER: {'; '.join(wrong[:5])}" if wrong else "equal"
        print(f"{verdict:8} {name}: {equal} equal{more}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True, help="the earlier build of gan")
    parser.add_argument("--after", type=Path, required=True, help="the later build of gan")
    parser.add_argument("--data-dir", type=Path, required=True, help="folder with MNIST")
    parser.add_argument("--quick", action="store_true", help="a dozen cases and no runs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        comparison = Comparison(
            arguments.before, arguments.after, arguments.data_dir, Path(scratch))
        for case in QUICK_CASES if arguments.quick else CASES:
            comparison.trace(case)
        if not arguments.quick:
            for name, flags in RUNS.items():
                comparison.run(name, flags)
    for sentence in comparison.wrong:
        print(f"error: {sentence}", file=sys.stderr)
    verdict = f"{len(comparison.wrong)} differ" if comparison.wrong else "not one bit differs"
    print(f"{comparison.compared} tensors, pictures and values compared: {verdict}")
    return 1 if comparison.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
