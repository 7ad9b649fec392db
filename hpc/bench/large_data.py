#!/usr/bin/env python3
"""Training on more data than memory should hold: how much memory a rank takes, and how long it waits for samples.

    large_data.py LOCKSTEP DIRECTORY [--gigabytes 6] [--ranks 1 2] [--steps 500] [--rounds 3] [--shuffle TOML]

LOCKSTEP is the built program, DIRECTORY has room for the data set (two fifths of its gigabytes); the images come
from $LOCKSTEP_DATA/mnist. The data set, DIRECTORY/large.h5, is made unless it is there, and stays for the next time;
--only-data makes nothing else.

It has inputs /x [n, 28, 28, 1], float32, and labels /y, int64: MNIST's digits, shifted by up to 3 pixels, with noise as
of a sensor of 12 bits, so that HDF5's shuffle filter and gzip make two fifths of them, much as of measured fields. They
lie in chunks of 32 samples (100 kB): as many as a small batch has, and within the 10 kB to 1 MB that are customary.

Trains the network of launch/jobs/mnist-cnn.toml for four epochs of --steps batches of 64, the first of which is not
counted, on the file and, for comparison, on its first 20,000 samples in memory. A page cache that has room for the
whole file would hide what reading costs, so the file's pages are thrown out of it every second. Prints, for each
number of ranks, medians over the rounds:

    input     share of the epochs that a rank waits for samples, the mean of the ranks (run.h5: /ranks/timing)
    samples/s of all ranks together, and divided by those in memory: also what unpacking beside the step takes from it
    peak MB   resident memory of the rank that has most, and the most that was its own, of files (the program and its
              libraries), and shared with other ranks
    cached MB of the file in the page cache, at most, before they are thrown out
"""
import argparse
import contextlib
import gzip
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import threading

import h5py
import numpy

JOB = pathlib.Path(__file__).resolve().parents[2] / "launch" / "jobs" / "mnist-cnn.toml"
SIDE, CHUNK, PART, SHIFT = 28, 32, 8192, 3
SAMPLE_BYTES = 4 * SIDE * SIDE
LEVELS = 4096  # of 12 bits
IN_MEMORY = 20000
EPOCHS = 4
MEMORY = ("VmHWM", "RssAnon", "RssFile", "RssShmem")  # as /proc calls them
MEGABYTE = 1e6


def read_idx(name, header):
    path = pathlib.Path(os.environ["LOCKSTEP_DATA"]) / "mnist" / name
    with gzip.open(path) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


def varied(digits, random):
    """The digits [n, 34, 34] with a border, shifted and with noise: [n, 28, 28, 1] in steps of 1 / LEVELS."""
    places = numpy.lib.stride_tricks.sliding_window_view(digits, (SIDE, SIDE), axis=(1, 2))
    down, right = random.integers(0, 2 * SHIFT + 1, (2, len(digits)))
    images = places[numpy.arange(len(digits)), down, right] * numpy.float32(0.8 / 255)
    images += numpy.float32(0.02) * random.standard_normal(images.shape, dtype=numpy.float32) + numpy.float32(0.1)
    return (numpy.rint(images.clip(0, 1) * LEVELS) / LEVELS).astype(numpy.float32)[..., numpy.newaxis]


def make_data(path, samples):
    """In parts, which is all that is in memory of it."""
    random = numpy.random.default_rng(1)
    border = [(0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)]
    digits = numpy.pad(read_idx("train-images-idx3-ubyte.gz", 16).reshape(-1, SIDE, SIDE), border)
    labels = read_idx("train-labels-idx1-ubyte.gz", 8)
    unfinished = path.with_suffix(".unfinished")
    with h5py.File(unfinished, "w") as file:
        x = file.create_dataset("x", (samples, SIDE, SIDE, 1), "f4", chunks=(CHUNK, SIDE, SIDE, 1), compression="gzip",
                                compression_opts=4, shuffle=True)
        y = file.create_dataset("y", (samples,), "i8", chunks=(PART,), compression="gzip", shuffle=True)
        for first in range(0, samples, PART):
            chosen = random.integers(0, len(labels), min(PART, samples - first))
            x[first:first + PART] = varied(digits[chosen], random)
            y[first:first + PART] = labels[chosen]
    unfinished.rename(path)


def fields(path, names):
    """The numbers in lines of "name: number", of which /proc/PID/status has kB."""
    text = path.read_text(encoding="ascii", errors="replace")
    return {name: int(found[1]) for name in names if (found := re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE))}


def ranks_below(process, program):
    """Process numbers of those that run the program, among all that `process` has started."""
    found, looked_at = [], [process]
    while looked_at:
        number = looked_at.pop()
        with contextlib.suppress(OSError):  # it may have ended meanwhile
            if pathlib.Path(f"/proc/{number}/exe").samefile(program):
                found.append(number)
            looked_at += [int(child) for task in pathlib.Path(f"/proc/{number}/task").iterdir()
                          for child in (task / "children").read_text(encoding="ascii").split()]
    return found


class Watch:
    """Looks at the ranks' memory while a run lasts, and keeps the file out of the page cache."""

    def __init__(self, process, program, file):
        self.peak = {}  # by process number
        self.cached = 0
        self._process, self._program, self._file = process, program, file
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *failure):
        self._over.set()
        self._thread.join()

    def _look(self):
        with open(self._file, "rb") as file:
            rounds = 0
            while not self._over.wait(0.1):
                for number in ranks_below(self._process.pid, self._program):
                    self._look_at(number)
                rounds += 1
                if rounds % 10 == 0:
                    self._drop_cache(file.fileno())

    def _look_at(self, number):
        with contextlib.suppress(OSError):
            now = fields(pathlib.Path(f"/proc/{number}/status"), MEMORY)
            before = self.peak.get(number, {})
            self.peak[number] = {name: max(value, before.get(name, 0)) for name, value in now.items()} or before

    def _drop_cache(self, descriptor):
        told = subprocess.run(["fincore", "--bytes", "--noheadings", "--output", "RES", self._file], check=True,
                              stdout=subprocess.PIPE, text=True)
        self.cached = max(self.cached, int(told.stdout))
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


class Runner:
    def __init__(self, options, file):
        self.options, self.file = options, file

    def command(self, ranks, directory, in_memory):
        part = f'file = "{self.file}", inputs = "/x", targets = "/y"'
        settings = ['data.source="hdf5"', "data.scale=1.0", "data.validation={ " + part + ", first = 64 }",
                    "training.validation_freq=1000", f"training.epochs={EPOCHS}", "callbacks=[]",
                    f"training.steps_per_epoch={self.options.steps}"]
        if in_memory:
            settings += ["data.train={ " + part + f", first = {IN_MEMORY} }}", 'data.cache="node"']
        else:
            settings += ["data.train={ " + part + " }", f"training.shuffle={self.options.shuffle}"]
        train = [self.options.program, "train", JOB, "--run-dir", directory, "-q"]
        return ["mpirun", "--oversubscribe", "-n", str(ranks), *map(str, train),
                *[word for setting in settings for word in ("--set", setting)]]

    def run(self, ranks, in_memory):
        with tempfile.TemporaryDirectory() as scratch:
            directory = pathlib.Path(scratch) / "run"
            with subprocess.Popen(self.command(ranks, directory, in_memory), stdout=subprocess.DEVNULL) as process:
                with Watch(process, self.options.program, self.file) as watch:
                    process.wait()
            if process.returncode != 0:
                raise SystemExit(f"large_data.py: the training ended with exit code {process.returncode}")
            return {**self.times(directory / "run.h5"), **self.memory(watch)}

    def times(self, run_file):
        with h5py.File(run_file, "r") as file:
            duration = file["epochs/duration"][1:]
            timing = {name: column[:] for name, column in file["ranks/timing"].items()}
        counted = timing["epoch"] > 0
        ranks = timing["rank"].max() + 1
        return {"input": timing["input"][counted].sum() / ranks / duration.sum(),
                "speed": 64 * self.options.steps * len(duration) / duration.sum()}

    def memory(self, watch):
        largest = max(watch.peak.values(), key=lambda peak: peak["VmHWM"])
        return {**{name: 1024 * largest[name] / MEGABYTE for name in MEMORY}, "cached": watch.cached / MEGABYTE}


def median(results, name):
    return statistics.median(result[name] for result in results)


def compare(runner, ranks):
    on_file, in_memory = [], []
    for _ in range(runner.options.rounds):
        on_file.append(runner.run(ranks, in_memory=False))
        in_memory.append(runner.run(ranks, in_memory=True))
    of = {name: median(on_file, name) for name in on_file[0]}
    speed = median(in_memory, "speed")
    print(f"{ranks:5}{100 * of['input']:8.2f} %{of['speed']:11.0f}{of['speed'] / speed:11.3f}{of['VmHWM']:10.0f}"
          f"{of['RssAnon']:8.0f}{of['RssFile']:8.0f}{of['RssShmem']:8.0f}{of['cached']:11.0f}"
          f"{100 * median(in_memory, 'input'):13.2f} %", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program")
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--gigabytes", type=float, default=6.0, help="of inputs, as they are in memory")
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--steps", type=int, default=500, help="of an epoch")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shuffle", default="{}", help="training.shuffle, as in a job file")
    parser.add_argument("--only-data", action="store_true")
    options = parser.parse_args()

    path = options.directory.resolve() / "large.h5"
    if not path.exists():
        make_data(path, int(options.gigabytes * 1e9 / SAMPLE_BYTES))
    with h5py.File(path, "r") as file:
        logical = file["x"].nbytes
    size = path.stat().st_size
    print(f"{path}: {logical / 1e9:.2f} GB in a file of {size / 1e9:.2f} GB, ratio {logical / size:.2f}")
    if options.only_data:
        return
    print(f"{'ranks':>5}{'input':>10}{'samples/s':>11}{'/ memory':>11}{'peak MB':>10}{'own':>8}{'files':>8}"
          f"{'shared':>8}{'cached MB':>11}{'input, mem.':>15}")
    for ranks in options.ranks:
        compare(Runner(options, path), ranks)


if __name__ == "__main__":
    main()
