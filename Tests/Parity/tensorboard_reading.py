"""Has TensorBoard serve runs and compares what it serves with what their folders hold.

    tensorboard_reading.py LOGDIR RUN ... [--fast]

LOGDIR holds the events of each RUN, a folder, under the same name. Every number of every tag must be served at
its step and with its value, NaN as NaN; every picture byte for byte; every option as a hyperparameter.
TensorBoard reads with its pure Python loader, or with its default one if --fast is given.
"""

import json
import math
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE_SECONDS = 120
SHOWN_IMAGES = 10  # What TensorBoard keeps of a tag by default.


class Board:
    """TensorBoard's HTTP interface."""

    def __init__(self, logdir, fast):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/data/"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tensorboard.main", "--logdir", logdir, "--port", str(port)]
            + ["--host", "127.0.0.1", "--reload_interval", "1"]
            + ["--load_fast", "true" if fast else "false"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def get(self, path, body=None, query=None, **parts):
        url = self.address + path + "?" + (query or urllib.parse.urlencode(parts))
        data = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, data, kind), timeout=60) as reply:
            return reply.read()

    def json(self, path, body=None, **parts):
        return json.loads(self.get(path, body, **parts))

    def wait(self, holds):
        """Asks again until an answer is what it has to be, and returns it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if holds():
                    return
            except (urllib.error.URLError, KeyError, ConnectionError):
                pass
            if time.monotonic() > end or self.process.poll() is not None:
                return
            time.sleep(0.3)


def recorded(run):
    """{tag: {step: value}} of a run's stats.jsonl, and the pictures by step."""
    scalars, pictures = {}, {}
    for text in (run / "stats.jsonl").read_text().splitlines():
        line = json.loads(text)
        values = {
            "progress/epoch": line["epoch"],
            "progress/images": line["images"],
            "speed/stepSeconds": line["stepSeconds"],
            "speed/imagesPerSecond": line["imagesPerSecond"],
        }
        for name, reading in line["readings"].items():
            value = math.nan if "nonfinite" in reading else reading["mean"]
            values[name.replace(".", "/", 1)] = value
        for tag, value in values.items():
            scalars.setdefault(tag, {})[line["step"]] = value
        picture = run / "samples" / f"fake_images-{line['epoch']}.png"
        if line["kind"] == "epoch" and picture.exists():
            pictures[line["step"]] = picture.read_bytes()
    return scalars, pictures


def same(served, value):
    served = math.nan if served == "NaN" else served
    if math.isnan(value) or math.isnan(served):
        return math.isnan(value) and math.isnan(served)
    return math.isclose(served, value, rel_tol=1e-6, abs_tol=1e-30)


def complaints(board, run):
    name = run.name
    scalars, pictures = recorded(run)
    last = max(scalars["progress/epoch"])

    def has_all():
        points = board.json("plugin/scalars/scalars", run=name, tag="progress/epoch")
        images = board.json("plugin/images/tags")[name]
        return points[-1][1] == last and ("samples" in images or not pictures)

    board.wait(has_all)
    tags = board.json("plugin/scalars/tags")[name]
    if set(tags) != set(scalars):
        yield f"tags {sorted(set(tags) ^ set(scalars))}"
    for tag in sorted(set(scalars) & set(tags)):
        points = board.json("plugin/scalars/scalars", run=name, tag=tag)
        if [step for _, step, _ in points] != sorted(scalars[tag]):
            yield f"{tag}: {len(points)} steps instead of {len(scalars[tag])}"
        elif not all(same(value, scalars[tag][step]) for _, step, value in points):
            yield f"{tag}: other values"
        elif [time for time, _, _ in points] != sorted(time for time, _, _ in points):
            yield f"{tag}: times go back"
    if pictures:
        served = board.json("plugin/images/images", run=name, tag="samples", sample=0)
        if len(served) != min(SHOWN_IMAGES, len(pictures)):
            yield f"{len(served)} pictures of {len(pictures)}"
        for image in served:
            png = board.get("plugin/images/individualImage", query=image["query"])
            if png != pictures.get(image["step"]):
                yield f"the picture of step {image['step']} is another"
    yield from hyperparameter_complaints(board, run)


def hyperparameter_complaints(board, run):
    body = {"experimentName": "", "allowedStatuses": ["STATUS_SUCCESS", "STATUS_RUNNING", "STATUS_UNKNOWN"],
            "colParams": [], "startIndex": 0, "sliceSize": 100}
    groups = board.json("plugin/hparams/session_groups", body)["sessionGroups"]
    mine = [group for group in groups if group["sessions"][0]["name"] == run.name]
    if len(mine) != 1:
        yield f"{len(mine)} groups of hyperparameters among {len(groups)}"
        return
    options = json.loads((run / "options.json").read_text())
    for path in ("batchSize", "objective", "optimizer.generator.learningRate", "seed"):
        value = options
        for part in path.split("."):
            value = value[part]
        if mine[0]["hparams"].get(path) != value:
            yield f"{path} is {mine[0]['hparams'].get(path)}, not {value}"


def main():
    flags = [word for word in sys.argv[1:] if word.startswith("--")]
    logdir, *runs = [word for word in sys.argv[1:] if not word.startswith("--")]
    board = Board(logdir, "--fast" in flags)
    found = []
    try:
        for run in map(pathlib.Path, runs):
            found += [f"{run.name}: {complaint}" for complaint in complaints(board, run)]
    finally:
        # Tests may have been started with other signals blocked.
        board.process.kill()
        board.process.wait()
    for complaint in found:
        print("FAULT", complaint)
    print(f"{len(runs)} runs read")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
