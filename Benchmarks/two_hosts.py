"""Two network namespaces of this machine, which are hosts to each other, and a slow line between them.

Linux can delay packets by itself (`tc netem`), but many kernels are built without it: here each host has a tunnel device, and this
program carries packets from one to the other, late and not too many a second. It needs root.
"""

import contextlib
import fcntl
import os
import select
import struct
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

HOSTS = (("gan-host-a", "10.77.0.1"), ("gan-host-b", "10.77.0.2"))
SET_INTERFACE, TUN_WITHOUT_HEADER = 0x400454CA, 0x1001
PACKET = 65_536


def ip(*arguments: str) -> None:
    """Runs `ip`."""
    subprocess.run(("ip", *arguments), check=True)


class Line:
    """Carries packets both ways: each direction so many bits a second, then so many seconds late."""

    def __init__(self, tunnels: tuple[int, int], bits_per_second: float, seconds: float) -> None:
        self._tunnels, self._rate, self._delay = tunnels, bits_per_second, seconds
        self._queues: tuple[deque[tuple[float, bytes]], ...] = (deque(), deque())
        self._free = [0.0, 0.0]
        self._ends = os.pipe()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Carries nothing more."""
        os.write(self._ends[1], b"x")
        self._thread.join()

    def _carry(self) -> None:
        while True:
            due = min((queue[0][0] for queue in self._queues if queue), default=None)
            wait = None if due is None else max(0.0, due - time.monotonic())
            readable = select.select([*self._tunnels, self._ends[0]], [], [], wait)[0]
            if self._ends[0] in readable:
                return
            for side, tunnel in enumerate(self._tunnels):
                if tunnel in readable:
                    packet = os.read(tunnel, PACKET)
                    sent = max(time.monotonic(), self._free[side]) + 8 * len(packet) / self._rate
                    self._free[side] = sent
                    self._queues[side].append((sent + self._delay, packet))
            for side, queue in enumerate(self._queues):
                while queue and queue[0][0] <= time.monotonic():
                    # Packets of a host that is leaving are lost, as anywhere.
                    with contextlib.suppress(OSError):
                        os.write(self._tunnels[1 - side], queue[0][1])
                    queue.popleft()


@contextlib.contextmanager
def line(bits_per_second: float, round_trip: float) -> Iterator[None]:
    """The two hosts with their line, while in use."""
    tunnels = []
    try:
        for (host, address), (_, other) in zip(HOSTS, reversed(HOSTS), strict=True):
            ip("netns", "add", host)
            tunnel = os.open("/dev/net/tun", os.O_RDWR)
            tunnels.append(tunnel)
            name = f"tun-{host[-1]}"
            fcntl.ioctl(tunnel, SET_INTERFACE, struct.pack("16sH22x", name.encode(), TUN_WITHOUT_HEADER))
            ip("link", "set", name, "netns", host)
            ip("-n", host, "address", "add", address, "peer", other, "dev", name)
            for device in (name, "lo"):
                ip("-n", host, "link", "set", device, "up")
        carrier = Line((tunnels[0], tunnels[1]), bits_per_second, round_trip / 2)
        yield
        carrier.close()
    finally:
        for tunnel in tunnels:
            os.close(tunnel)
        for host, _ in HOSTS:
            subprocess.run(("ip", "netns", "delete", host), check=False, stderr=subprocess.DEVNULL)


def launch(scratch: Path, program: list[str]) -> None:
    """Runs a program as one rank on each host; mpirun is on the first one."""
    (first, _), (second, _) = HOSTS
    agent = scratch / "agent"
    agent.write_text(
        "#!/bin/sh\n# In place of ssh: the host, then what it is to run.\nshift\n"
        f'exec ip netns exec {second} unshare --uts sh -c "hostname {second}; $*"\n')
    agent.chmod(0o755)
    addresses = ",".join(address for _, address in HOSTS)
    command = ["mpirun", "--host", addresses, "-np", "2", "--bind-to", "none", "--mca", "plm_rsh_agent", str(agent)]
    for component in ("oob", "btl"):
        command += ["--mca", f"{component}_tcp_if_include", "10.77.0.0/24"]
    command += ["--mca", "btl", "self,tcp", "--mca", "pml", "ob1", *program]
    environment = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    subprocess.run(
        ["ip", "netns", "exec", first, "unshare", "--uts", "sh", "-c", f'hostname {first}; exec "$@"', "sh", *command],
        check=True, env=environment, stdout=subprocess.DEVNULL)
