#!/usr/bin/env bash
# tbparse 0.0.9 shows the steps that a resumed run replaced beside those that replaced them.
#
# A run that is killed at step 50 and goes on from its checkpoint of step 40 writes a second file of events, which
# begins with a session start at step 41. TensorBoard drops what the first file says of later steps, in its own
# EventAccumulator, when it reads the folder: 60 steps of 60. tbparse reads with the same EventAccumulator but gives
# each file one of its own, which cannot know of the other: 70 rows, with steps 41 to 50 twice. In its table a step's
# rows have nothing that says which of them counts; with pivot=True the column has lists among its numbers. Means,
# plots and smoothed curves of a resumed run are then of two runs. A run of one file is right. Seen with tbparse 0.0.9
# (the newest), TensorBoard 2.21.0, pandas 3.1.1.
#
# For users of gan: read `stats.jsonl`, or make tbparse add the time (`extra_columns={"wall_time"}`) and keep the
# latest row of each tag and step (docs/export.md says so).
#
# Exits 0 where it is still so. Installs into a temporary folder.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.3.5 pandas==3.1.1 tensorboard==2.21.0 "setuptools<81"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps tbparse==0.0.9

"$folder/venv/bin/python3" - "$folder/run" <<'PYTHON' 2> >(grep -v "Warning\|pkg_resources\|out of order" >&2)
import sys
import time

from tbparse import SummaryReader
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

folder = sys.argv[1]


def session(first, last, began, loss):
    writer = EventFileWriter(folder)
    writer.add_event(Event(wall_time=began, step=first, session_log=SessionLog(status=SessionLog.START)))
    for step in range(first, last + 1):
        value = Summary.Value(tag="loss", simple_value=loss)
        writer.add_event(Event(wall_time=began + step, step=step, summary=Summary(value=[value])))
    writer.close()


session(1, 50, 1000.0, loss=1)
time.sleep(1.1)     # the second that names a file
session(41, 60, 2000.0, loss=2)

board = EventAccumulator(folder)
board.Reload()
points = {point.step: point.value for point in board.Scalars("loss")}
rows = SummaryReader(folder, extra_columns={"wall_time"}).scalars
twice = sorted(set(rows.step[rows.step.duplicated()]))
pivoted = SummaryReader(folder, pivot=True).scalars
latest = rows.sort_values("wall_time").drop_duplicates(["tag", "step"], keep="last")
print("TensorBoard:", len(board.Scalars("loss")), "points, at step 45", points[45])
print("tbparse:", len(rows), "rows, twice:", twice)
print("tbparse, pivot: at step 45", list(pivoted.loss[pivoted.step == 45]))
print("the latest of each step:", len(latest), "rows, at step 45", float(latest.value[latest.step == 45].iloc[0]))
if len(points) != 60 or points[45] != 2:
    sys.exit("TensorBoard reads such a run otherwise now")
if len(latest) != 60 or float(latest.value[latest.step == 45].iloc[0]) != 2:
    sys.exit("the advice is wrong now")
if len(rows) != 70 or twice != list(range(41, 51)):
    sys.exit("tbparse drops what was replaced now")
PYTHON
