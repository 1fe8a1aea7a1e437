"""Measures `gan serve` beside FastAPI and eager PyTorch, by turns, under the same load on loopback.

    python3 Benchmarks/serving.py GAN GENERATOR.safetensors [--seconds 60] [--connections 32] [--rounds 3]

Every request asks for one image of another seed as PNG (zlib's level 6 on both sides); nothing is cached.
Both have a process or a thread for each processor. The load is wrk's, on the same machine. Printed are requests
a second, errors, and resident memory at the beginning and at the end; afterwards `gan serve` is left by clients in the
middle of requests, and its descriptors are counted.

It needs wrk (Debian: wrk) and Benchmarks/requirements.txt.
"""

import argparse
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import machine

SCRIPT = """
local thread_count = 0
function setup(thread)
  thread:set("first", thread_count * 1000000000)
  thread_count = thread_count + 1
end
function init() next_seed = first end
function request()
  next_seed = next_seed + 1
  return wrk.format("GET", "/sample?seed=" .. next_seed)
end
"""


def resident_megabytes(pid: int) -> float:
    """Memory of a process and its children."""
    total = 0
    for member in machine.family(pid):
        try:
            text = Path(f"/proc/{member}/status").read_text()
        except FileNotFoundError:
            continue
        match = re.search(r"VmRSS:\s+(\d+) kB", text)
        total += int(match[1]) if match else 0
    return total / 1000


class Server:
    """A server in a process of its own."""

    def __init__(self, command: list[str], port: int, environment: dict[str, str]) -> None:
        self.port = port
        self.process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=Path(__file__).parent, start_new_session=True,
        )
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/sample?seed=1", timeout=5).read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"{command[0]} does not serve")

    def load(self, seconds: int, connections: int, script: str) -> tuple[float, int]:
        """Requests a second, and errors."""
        result = subprocess.run(
            ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", script,
             f"http://127.0.0.1:{self.port}"],
            capture_output=True, text=True, check=True,
        ).stdout
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", result)[1])
        other = re.search(r"Non-2xx or 3xx responses: (\d+)", result)
        sockets = re.search(r"Socket errors: (.*)", result)
        errors = int(other[1]) if other else 0
        errors += sum(int(number) for number in re.findall(r"\d+", sockets[1])) if sockets else 0
        return rate, errors

    def end(self) -> None:
        """Ends the process and its children."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def leave_connections(server: Server, count: int) -> tuple[int, int]:
    """Descriptors before and after clients have left in the middle of requests."""
    folder = Path(f"/proc/{server.process.pid}/fd")
    before = len(list(folder.iterdir()))
    for part in (b"GET /sa", b"GET /sample?seed=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"):
        for _ in range(count):
            with socket.create_connection(("127.0.0.1", server.port)) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                client.sendall(part)
    time.sleep(3)
    return before, len(list(folder.iterdir()))


def main() -> None:
    """Takes turns, and prints a table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("gan")
    arguments.add_argument("generator")
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--connections", type=int, default=32)
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: apt-get install wrk")
    processors = len(os.sched_getaffinity(0))
    generator = str(Path(asked.generator).resolve())
    gan = str(Path(asked.gan).resolve())
    sides = {
        "gan serve": lambda port: Server([gan, "serve", generator, "--port", str(port)], port, {}),
        "FastAPI, PyTorch": lambda port: Server(
            [sys.executable, "-m", "uvicorn", "served_by_pytorch:app", "--port", str(port),
             "--workers", str(processors), "--log-level", "critical"],
            port, {"GAN_GENERATOR": generator, "OMP_NUM_THREADS": "1"},
        ),
    }
    rates: dict[str, list[float]] = {side: [] for side in sides}
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT)
        script.flush()
        for number in range(asked.rounds):
            for side in sorted(sides, reverse=number % 2 == 1):
                server = sides[side](free_port())
                try:
                    server.load(3, asked.connections, script.name)
                    start = resident_megabytes(server.process.pid)
                    rate, errors = server.load(asked.seconds, asked.connections, script.name)
                    end = resident_megabytes(server.process.pid)
                    rates[side].append(rate)
                    print(
                        f"{side}: {rate:.0f} requests a second, {errors} errors, "
                        f"{start:.1f} to {end:.1f} MB", flush=True,
                    )
                    if side == "gan serve" and number == 0:
                        before, after = leave_connections(server, 200)
                        print(f"{side}: {before} descriptors, {after} after 400 clients left")
                finally:
                    server.end()
    ours, peers = (statistics.median(rates[side]) for side in sides)
    print(f"\n{Path(generator).name}: {ours:.0f} over {peers:.0f} requests a second: {ours / peers:.2f}x")


if __name__ == "__main__":
    main()
