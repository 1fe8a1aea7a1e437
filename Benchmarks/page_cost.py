#!/usr/bin/env python3
"""Measures what the pages cost: the training that is shown, the browser that shows it, and the playground.

    python3 Benchmarks/page_cost.py --gan .build/release/gan --data-dir DIR_WITH_MNIST [--rounds 4] [--seconds 8]

One run of the tutorial trains on two threads; nobody, a client that reads every stream of events, and headless Chromium
with the run's page take turns at it, in an order that turns round from round to round. Everything shares two processors. Then the
page of a run with 200 epochs is opened, and the playground plays 20 rounds a picture.

It needs Debian's chromium and chromium-driver, and an otherwise idle machine: `--only PART` measures a part.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import machine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests" / "Page"))
import browser  # noqa: E402

DISTURBED = 0.05
"""Busy share of the processors before a part above which its figures are worth little."""
TICK = os.sysconf("SC_CLK_TCK")
EPOCHS = 200
OPENINGS = 5


class Server:
    """A command that serves a page."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.process.stdout.readline().strip()
        self.base, self.token = self.address.split("/?token=")

    def get(self, path: str):
        """Asks as a program that has the token."""
        request = urllib.request.Request(
            self.base + path, headers={"Authorization": f"Bearer {self.token}"})
        return urllib.request.urlopen(request, timeout=30)

    def json(self, path: str):
        with self.get(path) as answer:
            return json.load(answer)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


class Reader:
    """A client that takes every event, and does nothing with them."""

    def __init__(self, server: Server, paths: list[str]) -> None:
        self.count = 0
        self.streams = [server.get(path) for path in paths]
        for stream in self.streams:
            threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream) -> None:
        try:
            for line in stream:
                self.count += line.startswith(b"event:")
        except (OSError, ValueError, AttributeError):
            pass  # Closed by the other thread.

    def close(self) -> None:
        for stream in self.streams:
            stream.fp.raw._sock.shutdown(2)


def processor_seconds(pid: int) -> float:
    """Processor time of a process and its children so far."""
    ticks = 0
    for member in machine.family(pid):
        try:
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def warn_if_busy(part: str) -> None:
    share = machine.busy_share(sorted(os.sched_getaffinity(0)))
    if share > DISTURBED:
        print(f"{part}: others keep {share:.0%} of the processors busy: the figures are worth little", file=sys.stderr)


def training(arguments, page, scratch: Path) -> list[str]:
    """Throughput of one run while nobody, a client and a browser look at it."""
    server = Server(
        arguments.gan, "train", "--recipe", "tutorial", "--data-dir", arguments.data_dir, "--epochs", "100000",
        "--threads", "2", "--runs-dir", str(scratch / "runs"), "--quiet", "--page", "--set", "keptMegabytes=50")
    try:
        name = server.json("/api/runs")["runs"][0]["name"]
        state = f"/api/runs/{name}/state"
        browser.until(lambda: server.json(state)["epoch"] > 1, "the first epoch")
        speeds = {"nobody": [], "client": [], "browser": []}
        taken = []

        def window() -> float:
            before, start = server.json(state)["live"]["step"], time.monotonic()
            time.sleep(arguments.seconds)
            after, end = server.json(state)["live"]["step"], time.monotonic()
            return (after - before) / (end - start)

        page.open(server.address)
        for number in range(arguments.rounds):
            order = list(speeds) if number % 2 == 0 else list(reversed(speeds))
            for who in order:
                reader = None
                if who == "client":
                    reader = Reader(server, ["/api/events", f"/api/runs/{name}/events"])
                elif who == "browser":
                    page.open(f"{server.base}/runs/{name}")
                    page.there(".plot svg")
                time.sleep(0.5)
                used = processor_seconds(page.driver.pid)
                start = time.monotonic()
                speeds[who].append(window())
                if who == "browser":
                    taken.append((processor_seconds(page.driver.pid) - used) / (time.monotonic() - start))
                if reader:
                    assert reader.count > 0, "no events came"
                    reader.close()
                page.open("about:blank")
        shares = {who: [own / alone for own, alone in zip(speeds[who], speeds["nobody"])] for who in speeds}
        rows = [f"| the tutorial's steps a second, nobody looks | {statistics.median(speeds['nobody']):.0f} |"]
        for who, words in [("client", "a client reads every stream"), ("browser", "Chromium shows the page")]:
            rows.append(f"| the same while {words}, share | {spread(shares[who])} |")
        return rows + [f"| processors that Chromium takes | {spread(taken)} |"]
    finally:
        server.end()


def long_run(arguments, scratch: Path) -> Path:
    """A folder of runs with one of 200 epochs: a short one's lines and pictures, repeated."""
    runs = scratch / "long"
    subprocess.run(
        [arguments.gan, "train", "--recipe", "tutorial", "--data-dir", arguments.data_dir, "--epochs", "1",
         "--runs-dir", str(runs), "--quiet"], check=True, capture_output=True)
    folder = next(runs.iterdir())
    lines = [json.loads(line) for line in (folder / "stats.jsonl").read_text().splitlines()]
    steps = max(line["step"] for line in lines)
    options = json.loads((folder / "options.json").read_text())
    options["epochs"] = EPOCHS
    (folder / "options.json").write_text(json.dumps(options))
    with open(folder / "stats.jsonl", "w") as file:
        for epoch in range(EPOCHS):
            for line in lines:
                seconds = line.get("elapsedSeconds", 0) + epoch * lines[-1].get("elapsedSeconds", 1)
                file.write(json.dumps(line | {
                    "epoch": epoch + 1, "step": line["step"] + epoch * steps, "elapsedSeconds": seconds,
                    "images": line.get("images", 0) + epoch * 60_000}) + "\n")
    picture = folder / "samples" / "fake_images-1.png"
    for epoch in range(2, EPOCHS + 1):
        shutil.copy(picture, folder / "samples" / f"fake_images-{epoch}.png")
    return runs


SHOWN = """
  const look = () => {
    const image = document.querySelector('.frame img');
    if (image && image.complete && image.naturalWidth > 0 && document.querySelectorAll('.plot svg title').length >= 2) {
      requestAnimationFrame(() => { window.shownAfter = performance.now(); });
    } else setTimeout(look, 5);
  };
  look();
"""


def opening(arguments, page, scratch: Path) -> list[str]:
    """The time until a run of 200 epochs is shown, and the heap then and after all epochs were looked at."""
    runs = long_run(arguments, scratch)
    name = next(runs.iterdir()).name
    page.devtools("Page.addScriptToEvaluateOnNewDocument", source=SHOWN)
    heap = lambda: page.devtools("Runtime.getHeapUsage")["usedSize"] / 1e6
    times, heaps = [], []
    for number in range(OPENINGS):
        # Another server each time: nothing is known of the run yet.
        server = Server(arguments.gan, "watch", str(runs))
        try:
            page.open(server.address)
            page.there("tbody tr")
            page.open(f"{server.base}/runs/{name}")
            times.append(browser.until(lambda: page.js("return window.shownAfter"), "the page is shown"))
            heaps.append(heap())
            if number == OPENINGS - 1:
                page.js("document.querySelector('#first').click()")
                page.click("#play")
                browser.until(lambda: page.js("return document.querySelector('#epoch').value") == str(EPOCHS - 1), "the film ends")
                heaps.append(heap())
        finally:
            page.open("about:blank")
            server.end()
    return [f"| ms until the page of a run with {EPOCHS} epochs is shown | {spread(times, 0)} |",
            f"| MB of its JavaScript heap, and after the film of all epochs | {max(heaps[:-1]):.1f}, {heaps[-1]:.1f} |"]


def playing(arguments, page) -> list[str]:
    """Rounds and pictures a second of the playground, shown by a browser on the same processors."""
    rows = []
    for words, speed in [("20 rounds a picture", "20"), ("as fast as it goes", "most")]:
        server = Server(arguments.gan, "play")
        try:
            page.open(server.address)
            page.there("#world")
            settings = server.json("/api/state")["settings"]
            assert (settings["generator"]["width"], settings["generator"]["depth"], settings["batchSize"]) == (64, 2, 150), settings
            page.js("""const s = document.querySelector('#speed'); s.value = arguments[0]; s.dispatchEvent(new Event('change'));
              window.pictures = 0; new EventSource('/api/events').addEventListener('frame', () => { window.pictures++; });""", speed)
            page.click("#play")
            time.sleep(1)
            updates = lambda: page.js("""const n = document.querySelector('#counts').textContent.replaceAll(',', '').match(/\\d+/g);
              return [Number(n[0]), window.pictures, performance.now() / 1000]""")
            used, before = processor_seconds(page.driver.pid), updates()
            time.sleep(arguments.seconds)
            after = updates()
            seconds = after[2] - before[2]
            taken = (processor_seconds(page.driver.pid) - used) / seconds
            rows.append(f"| playground, {words}: rounds a second, pictures a second, processors of Chromium | "
                        f"{(after[0] - before[0]) / seconds:.0f}, {(after[1] - before[1]) / seconds:.1f}, {taken:.2f} |")
        finally:
            page.open("about:blank")
            server.end()
    return rows


def spread(values: list[float], digits: int = 3) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gan", required=True, help="the program, built for release")
    parser.add_argument("--data-dir", required=True, help="a folder with MNIST's files")
    parser.add_argument("--rounds", type=int, default=4, help="turns of each at the training")
    parser.add_argument("--seconds", type=float, default=8, help="of a turn")
    parser.add_argument("--only", action="append", choices=["training", "opening", "playing"], help="a part, repeatable")
    arguments = parser.parse_args()
    reason = browser.missing()
    if reason:
        sys.exit(reason)
    machine.pin(2)
    parts = arguments.only or ["training", "opening", "playing"]
    with tempfile.TemporaryDirectory() as scratch:
        page = browser.Browser(scratch)
        try:
            print(f"{machine.hardware()}\n\n| what | measured |\n| --- | --- |")
            for part in parts:
                warn_if_busy(part)
                rows = {"training": lambda: training(arguments, page, Path(scratch)),
                        "opening": lambda: opening(arguments, page, Path(scratch)),
                        "playing": lambda: playing(arguments, page)}[part]()
                print("\n".join(rows), flush=True)
        finally:
            page.close()


if __name__ == "__main__":
    main()
