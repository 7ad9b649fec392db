"""Every write can fail: whatever call on a file of the run the disk refuses, what lies under a final name is whole, the message says
which file and why, and a resume ends with the weights of a run that nothing disturbed.

LOCKSTEP_FAULTS (8) is the number of calls that are made to fail, "all" for each of them, "17 18 19" for these; LOCKSTEP_FAULT_SEED (1)
says which."""

import csv
import errno
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import system_test
from system_test import MPIEXEC, PROGRAM, SOURCE, numpy, read_tables, read_weights, run, settings

sys.path.append(str(SOURCE / "tests" / "callbacks"))
import read_events  # noqa: E402

JOB = SOURCE / "tests" / "system" / "all_callbacks.toml"
SHIM = os.environ["LOCKSTEP_FAULT_SHIM"]
FAULTS = os.environ.get("LOCKSTEP_FAULTS", "8")
SEED = int(os.environ.get("LOCKSTEP_FAULT_SEED", "1"))
SMALL = settings(data__train__samples=250, data__validation__samples=100, training__epochs=2, callbacks__model_checkpoint__save_freq=2)
ERRORS = {"ENOSPC": errno.ENOSPC, "EDQUOT": errno.EDQUOT, "EIO": errno.EIO, "EROFS": errno.EROFS, "short": "short"}
CODES = (0, 3)  # done all the same; a file is wrong
HIDDEN = re.compile(r"\..*\.tmp\.\d+")
TIMEOUT = 60


class Disturbed:
    """A training one of whose calls on files failed; number 0: none."""

    def __init__(self, directory, number=0, error="ENOSPC", stays=False, only=""):
        self.directory = directory
        self.state = directory.parent / f"{directory.name}.state"
        self.number = number
        self.error = error
        self.stays = stays
        environment = {"LD_PRELOAD": SHIM, "LOCKSTEP_FAULT_DIRECTORY": directory, "LOCKSTEP_FAULT_STATE": self.state,
                       "LOCKSTEP_FAULT_AT": number, "LOCKSTEP_FAULT_ERROR": ERRORS[error], "LOCKSTEP_FAULT_STAYS": int(stays), "LOCKSTEP_FAULT_ONLY": only}
        line = [MPIEXEC, "--oversubscribe", "-n", "2", "env", *(f"{key}={value}" for key, value in environment.items()),
                PROGRAM, "train", JOB, "--run-dir", directory, *SMALL]
        done = subprocess.run(list(map(str, line)), capture_output=True, text=True, timeout=TIMEOUT)
        self.code = done.returncode
        self.text = done.stderr

    def calls(self):
        """(number, call, path) of each call that was made."""
        lines = self.state.with_name(self.state.name + ".trace").read_text(encoding="utf-8").splitlines()
        return [(int(number), call, path) for number, call, path in (line.split(" ", 2) for line in lines)]

    def hit(self):
        """What failed: call and path; nothing if it never came to that."""
        return next(((call, path) for number, call, path in self.calls() if number == self.number), None)

    def had_checkpoint(self):
        """Whether one had its final name before the fault."""
        return any(call == "rename" and "/checkpoints/" in path for number, call, path in self.calls() if number < self.number)

    def __str__(self):
        call, path = self.hit() or ("nothing", "")
        return f"call {self.number} fails with {self.error}: {call} {path.replace(str(self.directory), '')}: exit code {self.code}"


class FaultsTest(system_test.SystemTest):
    @classmethod
    def setUpClass(cls):
        place = tempfile.mkdtemp(prefix="lockstep-system-")
        cls.addClassCleanup(shutil.rmtree, place, ignore_errors=True)
        cls.whole = Disturbed(pathlib.Path(place) / "whole")
        if cls.whole.code != 0:
            raise AssertionError(cls.whole.text)

    def assert_same_weights(self, directory):
        ours, theirs = (read_weights(place / "checkpoints" / "final.h5") for place in (directory, self.whole.directory))
        self.assertEqual(ours.keys(), theirs.keys())
        for name, values in theirs.items():
            numpy.testing.assert_array_equal(ours[name], values, err_msg=name)

    def assert_files_are_whole(self, run_directory):
        for path in run_directory.rglob("*"):
            if not path.is_file() or HIDDEN.fullmatch(path.name):
                continue
            if path.suffix == ".h5":
                run("inspect", path)
            elif path.suffix == ".csv":
                rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
                self.assertLessEqual(len({len(row) for row in rows}), 1, path)
            elif path.suffix in (".jsonl", ".json"):
                for line in path.read_text(encoding="utf-8").splitlines():
                    json.loads(line)
            elif path.name == "job.toml":
                run("check", path)
            elif ".tfevents." in path.name:
                read_events.read_file(path)
            else:
                self.fail(f"{path}: a file that this test does not know")
        if (run_directory / "run.h5").exists():
            for name, table in read_tables(run_directory / "run.h5").items():
                self.assertGreater(len(table.columns), 0, name)

    def assert_logs_are_complete(self, directory):
        """As long as those of the run that nothing disturbed."""
        for name, table in read_tables(self.whole.directory / "run.h5").items():
            if name not in ("ranks/timing", "ranks/info"):
                self.assertEqual(len(read_tables(directory / "run.h5")[name]), len(table), name)
        for name in ("epochs.csv", "batches.csv"):
            ours, theirs = ((place / name).read_text(encoding="utf-8") for place in (directory, self.whole.directory))
            self.assertEqual(len(ours.splitlines()), len(theirs.splitlines()), name)

    def assert_said_once(self, disturbed):
        """The file and the reason, in one line."""
        if disturbed.code == 0:
            return
        errors = [line for line in disturbed.text.splitlines() if re.search(r" error +\w+ \[", line)]
        files = [line.split("] ", 1)[1].split(": ", 1)[0] for line in errors]
        self.assertEqual(len(files), len(set(files)), disturbed.text)
        call, path = disturbed.hit()
        name = re.sub(r"^\.|\.tmp\.\d+$", "", path.rsplit("/", 1)[1])
        reason = "" if disturbed.error == "short" else os.strerror(ERRORS[disturbed.error])
        self.assertTrue(any(reason in line for line in errors), disturbed.text)
        if not disturbed.stays:
            self.assertEqual(len(errors), 1, disturbed.text)
            self.assertIn(name, errors[0])

    def check(self, disturbed):
        self.assertIn(disturbed.code, CODES, disturbed.text)
        self.assert_files_are_whole(disturbed.directory)
        self.assert_said_once(disturbed)
        checkpoints = list((disturbed.directory / "checkpoints").glob("*.h5"))
        if disturbed.had_checkpoint():
            self.assertTrue(checkpoints, disturbed.text)
        if disturbed.code != 0:
            run("train", JOB, "--run-dir", disturbed.directory, "--resume", "auto", *SMALL, ranks=2)
            self.assert_files_are_whole(disturbed.directory)
        self.assert_logs_are_complete(disturbed.directory)
        self.assert_same_weights(disturbed.directory)

    def numbers(self):
        count = len(self.whole.calls())
        print(f"{count} calls that may fail")
        if FAULTS == "all":
            return list(range(1, count + 1))
        if " " in FAULTS:
            return [int(number) for number in FAULTS.split()]
        return random.Random(SEED).sample(range(1, count + 1), int(FAULTS))

    def test_any_call_fails(self):
        for index, number in enumerate(self.numbers()):
            error = list(ERRORS)[(number if FAULTS == "all" else index) % len(ERRORS)]
            disturbed = Disturbed(self.directory / f"fault-{number}", number, error)
            with self.subTest(number=number):
                print(disturbed)
                self.check(disturbed)

    def test_a_log_that_cannot_be_closed_costs_no_result(self):
        writes = sum(call == "write" and path.endswith("run.h5") for _, call, path in self.whole.calls())
        disturbed = Disturbed(self.directory / "log", writes, only="write run.h5")
        self.assertEqual(disturbed.code, 0, disturbed.text)
        self.check(disturbed)

    def test_a_run_that_fails_at_its_end_is_ended_by_a_resume(self):
        disturbed = Disturbed(self.directory / "end", 1, "EIO", only="fsync run.h5")
        self.assertEqual(disturbed.code, 3, disturbed.text)
        self.assertFalse((disturbed.directory / "checkpoints" / "final.h5").exists())
        self.check(disturbed)

    def test_the_disk_stays_full(self):
        first = next(number for number, call, path in self.whole.calls() if call == "rename" and "/checkpoints/" in path)
        disturbed = Disturbed(self.directory / "full", first + 20, "ENOSPC", stays=True)
        self.assertEqual(disturbed.code, 3, disturbed.text)
        self.check(disturbed)


if __name__ == "__main__":
    system_test.main()
