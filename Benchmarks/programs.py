"""Starts the programs that are compared, and measures them from outside."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
THREADS = 2

AVX2 = {
    "GAN_MAX_ISA": "avx2",
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
}
"""What limits gan and PyTorch to AVX2. JAX cannot be: XLA's limit does not hold for matrix products."""

GLANCE = 0.1
"""Seconds between two looks at the program that trains."""

limits: dict[str, str] = {}
"""What limits the programs that are started."""


def environment() -> dict[str, str]:
    """The environment of every program: two threads, in whatever way it counts them, and limits."""
    threads = {"OMP_NUM_THREADS": str(THREADS), "MKL_NUM_THREADS": str(THREADS)}
    return os.environ | threads | limits


@dataclass(frozen=True)
class Finished:
    """A process that has ended well."""

    output: str
    seconds: float
    peak_megabytes: float
    """Peak resident memory in 10^6 bytes, as the kernel counted it."""

    def json(self) -> Any:
        """The last line of the output, or all of it, as JSON."""
        try:
            return json.loads(self.output)
        except json.JSONDecodeError:
            return json.loads(self.output.strip().splitlines()[-1])


def run(command: list[str]) -> Finished:
    """Runs `command` to its end; raises with its errors where it fails."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment()
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            raise RuntimeError(
                f"{' '.join(command)}: exit code {process.returncode}\n{errors.read()[-2000:]}"
            )
        output.seek(0)
        return Finished(output.read(), seconds, usage.ru_maxrss * 1024 / 1e6)


def pause(process: subprocess.Popen[str], file: Path | None) -> float:
    """Lets a program stand still while `file` exists; returns for how many seconds it did."""
    if file is None or not file.exists():
        return 0
    started = time.monotonic()
    process.send_signal(signal.SIGSTOP)
    while file.exists():
        time.sleep(GLANCE)
    process.send_signal(signal.SIGCONT)
    return time.monotonic() - started


def train(command: list[Any], seconds: float, pause_file: Path | None) -> tuple[str, float]:
    """Lets a command train for so many seconds at most, without those of its pauses; returns its output and how many it took."""
    started = time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment())
    stood = 0.0
    while process.poll() is None and time.monotonic() - started - stood < seconds:
        stood += pause(process, pause_file)
        time.sleep(GLANCE)
    took = time.monotonic() - started - stood
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    if process.returncode not in (0, 128 + signal.SIGINT):
        sys.exit(f"{' '.join(map(str, command))}: exit code {process.returncode}\n{errors[-2000:]}")
    return output, min(took, seconds)


class Worker:
    """A prepared peer that answers how long a step takes (see worker.py)."""

    def __init__(self, script: str, *arguments: str) -> None:
        self._script = script
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / script), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(),
        )
        if self._answer() != "ready":
            raise RuntimeError(f"{script} did not become ready")

    def milliseconds_per_step(self, steps: int) -> float:
        """Runs so many steps."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{steps}\n")
        self._process.stdin.flush()
        return float(self._answer())

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate(timeout=30)

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._script}: ended with {self._process.wait()}")
        return line.strip()
