"""What a training leaves in its run directory, but for clocks and what tells one process from another: of two trainings that
are the same to the bit, it is equal."""

import csv
import json
import sys

from system_test import SOURCE, h5py

sys.path.append(str(SOURCE / "tests" / "callbacks"))
import read_events  # noqa: E402

CLOCKS = {"time", "timestamp", "duration", "samples_per_second", "batches_per_second", "gflops"}  # they differ every time
OWN_TIMES = {"ranks/info", "ranks/timing", "throughput"}  # tables of them
ATTRIBUTES = ("status", "stop_reason", "seed", "shards", "epoch", "step", "position", "history", "model", "training",
              "weights_only", "callback_weights")
OWN_STATE = {"run_id", "start", "/ranks/info", "/ranks/timing", "elapsed", "seconds_since_save", "name",
             "bytes",  # of files with durations: their lines are compared
             "lockstep::StragglerMonitor#0"}  # counts epochs in which a rank took long


def arrays(path):
    """All data sets of a file, but columns of clocks."""
    found = {}

    def visit(name, item):
        parent, _, column = name.rpartition("/")
        if isinstance(item, h5py.Dataset) and parent not in OWN_TIMES and column not in CLOCKS:
            found[name] = item[:]

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    return found


def without(value, keys):
    """JSON without what these keys name, at any depth."""
    if not isinstance(value, dict):
        return value
    return {key: without(item, keys) for key, item in value.items() if key not in keys}


def read_h5(path):
    """A run log, or a checkpoint with the states of callbacks: bytes of each array, and attributes."""
    found = {name: (values.dtype, values.shape, values.tobytes()) for name, values in arrays(path).items()}
    with h5py.File(path, "r") as file:
        found |= {name: file.attrs[name] for name in ATTRIBUTES if name in file.attrs}
        states = json.loads(file.attrs.get("callbacks", b"{}"))
    return found | {f"state of {name}": state for name, state in without(states, OWN_STATE).items()}


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return {"rows": [without(row, CLOCKS) for row in csv.DictReader(file)]}


def read_json_lines(path):
    """The beginnings of a training, of which a resumed one has several, left out."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {"lines": [without(line, CLOCKS) for line in lines if line.get("event") != "train_begin"]}


def read_curves(path):
    """Scalars, histograms, images and texts of TensorBoard, by run and tag."""
    return {f"{run}/{tag}": [without(entry, CLOCKS) for entry in entries]
            for run, tags in read_events.read_runs(path).items() for tag, entries in tags.items()}


READERS = {".h5": read_h5, ".csv": read_csv, ".jsonl": read_json_lines}


def contents(directory):
    """All that a run directory holds, by file and name in it."""
    found = {f"tensorboard: {name}": entries for name, entries in read_curves(directory / "tensorboard").items()}
    for path in directory.rglob("*"):
        if path.is_dir() or "tfevents" in path.name:
            continue
        file = str(path.relative_to(directory))
        found[file] = "there"
        if path.suffix in READERS:
            found |= {f"{file}: {name}": value for name, value in READERS[path.suffix](path).items()}
    return found
