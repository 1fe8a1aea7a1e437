"""Names the machine a benchmark ran on, and picks its processors."""

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

PEERS = ("torch", "jax", "jaxlib")


def pin(count: int) -> list[int]:
    """Restricts this process and its children to `count` processors; returns them.

    Takes each core once before taking any core's second hardware thread.
    """
    available = sorted(os.sched_getaffinity(0))
    if len(available) < count:
        raise RuntimeError(f"{count} processors wanted, {len(available)} available")
    seen: dict[str, int] = {}
    siblings = {}
    for processor in available:
        core = _siblings(processor)
        siblings[processor] = seen.get(core, 0)
        seen[core] = siblings[processor] + 1
    chosen = sorted(available, key=lambda processor: (siblings[processor], processor))[:count]
    os.sched_setaffinity(0, chosen)
    return chosen


def description() -> str:
    """Processor, operating system and the peers' versions, in one sentence."""
    peers = ", ".join(f"{name} {version(name)}" for name in PEERS)
    return f"{hardware()}; Python {platform.python_version()}, {peers}"


def hardware() -> str:
    """Processor and operating system."""
    return (
        f"{_processor()}, {os.cpu_count()} processors, {_memory_gigabytes():.0f} GB; "
        f"{_operating_system()}"
    )


def busy_share(processors: list[int], seconds: float = 1) -> float:
    """Share of the time in which others keep `processors` busy while this process sleeps."""
    before = _times(processors)
    time.sleep(seconds)
    total, idle = (after - then for after, then in zip(_times(processors), before))
    return 1 - idle / total if total > 0 else 0.0


def family(pid: int) -> list[int]:
    """A process and those that it started."""
    members, pids = [pid], [pid]
    while pids:
        for task in Path(f"/proc/{pids.pop()}/task").glob("*/children"):
            children = [int(child) for child in task.read_text().split()]
            members += children
            pids += children
    return members


def _times(processors: list[int]) -> tuple[int, int]:
    """Ticks of all kinds, and idle ticks, summed over `processors`."""
    wanted = {f"cpu{processor}" for processor in processors}
    total = idle = 0
    for line in Path("/proc/stat").read_text().splitlines():
        name, *ticks = line.split()
        if name in wanted:
            total += sum(map(int, ticks[:8]))
            idle += int(ticks[3]) + int(ticks[4])
    return total, idle


def _siblings(processor: int) -> str:
    topology = Path(f"/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list")
    return topology.read_text().strip() if topology.exists() else str(processor)


def _processor() -> str:
    """The model's name; virtual machines often hide it, so the numbers behind it follow."""
    fields: dict[str, str] = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    if "model name" not in fields:
        return platform.machine()
    return f"{fields['model name']} (family {fields['cpu family']}, model {fields['model']})"


def _memory_gigabytes() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _operating_system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
