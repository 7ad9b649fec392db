"""What the system tests share: starting the real program, and reading its files as any user would."""

import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

try:
    import h5py
    import numpy
    import pandas
except ImportError as missing:
    print(f"SKIPPED: {missing}; these tests need Python with h5py, numpy and pandas", file=sys.stderr)
    sys.exit(77)

SKIPPED = 77  # exit code of a test that could not be made
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ["LOCKSTEP_PROGRAM"]
MPIEXEC = os.environ.get("LOCKSTEP_MPIEXEC", "mpirun")
TWO_NODES = SOURCE / "tests" / "comm" / "two_nodes.sh"
GLYPHS = SOURCE / "launch" / "jobs" / "glyphs.toml"


def command(*arguments, ranks=None):
    """The command line of the program; with `ranks`, of that many of them: 4, or on two nodes "2x2"."""
    launcher = []
    if isinstance(ranks, str):
        launcher = [str(TWO_NODES), ranks]
    elif ranks:
        launcher = [MPIEXEC, "--oversubscribe", "-n", str(ranks)]
    return [*launcher, PROGRAM, *map(str, arguments)]


def run(*arguments, ranks=None, code=0, timeout=50):
    """Runs the program to its end, expects exit code `code`, and returns what it printed: .stdout and .stderr."""
    done = subprocess.run(command(*arguments, ranks=ranks), capture_output=True, text=True, timeout=timeout)
    if done.returncode == SKIPPED != code:
        raise unittest.SkipTest(done.stderr.strip())
    if done.returncode != code:
        raise AssertionError(f"{' '.join(done.args)}: exit code {done.returncode}, expected {code}\n"
                             f"{done.stdout}\n{done.stderr}")
    return done


def settings(**values):
    """--set arguments: settings(training__epochs=3) is --set training.epochs=3."""
    pairs = (f"{key.replace('__', '.')}={value}" for key, value in values.items())
    return [word for pair in pairs for word in ("--set", pair)]


def wait_until(condition, seconds, what):
    """Waits for `condition()` and returns its value; after `seconds` the test fails and says `what` was missing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"after {seconds} s: still no {what}")


def rank_of(pid):
    """The rank that mpirun gave a process; none yet while it is being started."""
    names = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    ranks = [name.split(b"=")[1] for name in names if name.startswith(b"OMPI_COMM_WORLD_RANK=")]
    return int(ranks[0]) if ranks else None


class Job:
    """A training that goes on while the test looks at it. `directory` is its run directory."""

    def __init__(self, directory, job, *arguments, ranks):
        self.directory = pathlib.Path(directory)
        self.output = open(f"{directory}.out", "w+", encoding="utf-8")
        self.errors = open(f"{directory}.err", "w+", encoding="utf-8")
        line = command("train", job, "--run-dir", directory, *arguments, ranks=ranks)
        self.process = subprocess.Popen(line, stdout=self.output, stderr=self.errors, start_new_session=True)

    @property
    def run_log(self):
        return self.directory / "run.h5"

    def has_rows(self, epochs=1):
        """Whether the run log can be read and holds at least so many epochs."""
        try:
            with h5py.File(self.run_log, "r") as file:
                return "epochs" in file and len(file["epochs/epoch"]) >= epochs
        except OSError:
            return False

    def wait_for_rows(self):
        wait_until(lambda: self.has_rows() or self.process.poll() is not None, 30, "epoch in the run log")
        if self.process.poll() is not None:
            raise AssertionError(f"the job ended at once:\n{self.error_text()}")

    def error_text(self):
        self.errors.seek(0)
        return self.errors.read()

    def ranks(self):
        """Process ids of the ranks, the children of the launcher."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
        return [int(child) for child in children.read_text(encoding="ascii").split()] if children.exists() else []

    def kill(self):
        """Ends ranks and launcher at once, and waits until all are gone: only then are their files unlocked."""
        if self.process.poll() is None:
            processes = [os.pidfd_open(pid) for pid in [*self.ranks(), self.process.pid]]
            for process in processes:
                signal.pidfd_send_signal(process, signal.SIGKILL)
            for process in processes:
                select.select([process], [], [])
                os.close(process)
            self.process.wait()

    def close(self):
        self.kill()
        self.output.close()
        self.errors.close()


def column_groups(file):
    """Names of the groups of an open run log that hold columns, all of one axis."""
    names = []

    def visit(name, item):
        if isinstance(item, h5py.Group) and len(item) and all(
                isinstance(column, h5py.Dataset) and column.ndim == 1 for column in item.values()):
            names.append(name)

    file.visititems(visit)
    return names


def read_tables(path):
    """Every group of columns of a run log as a data frame, by name, the way that a user reads it."""
    with h5py.File(path, "r") as file:
        return {name: pandas.DataFrame({key: file[name][key][:] for key in file[name]})
                for name in column_groups(file)}


def read_weights(checkpoint):
    """The weights of a checkpoint as arrays, by layer and name."""
    with h5py.File(checkpoint, "r") as file:
        return {f"{layer}/{name}": values[:] for layer, group in file["weights"].items() for name, values in group.items()}


class SystemTest(unittest.TestCase):
    """A test with a directory of its own, removed afterwards, and jobs that do not outlive it."""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="lockstep-system-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def start(self, job, *arguments, ranks, name="run"):
        started = Job(self.directory / name, job, *arguments, ranks=ranks)
        self.addCleanup(started.close)
        return started


def main():
    """Runs the tests of the file, or those that the command line names; exit code 77 when all of them were skipped."""
    result = unittest.main(verbosity=2, exit=False).result
    for _, reason in result.skipped:
        print(f"SKIPPED: {reason}", file=sys.stderr)
    if result.wasSuccessful() and len(result.skipped) == result.testsRun:
        sys.exit(SKIPPED)
    sys.exit(not result.wasSuccessful())
