#!/usr/bin/env python3
"""Starts the program as users do: program_test.py PROGRAM MPIRUN TESTCLASS...

Every case runs on two ranks, unless it says otherwise; an error must be said once, and the exit code be that of the
contract: 2 for the job file, an argument or the number of ranks, 3 for data.
"""
import gzip
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, MPIRUN = sys.argv[1:3]

JOB = """\
[run]
name = "tiny"
directory = "{directory}/runs"

[data]
source = "glyphs"
train = {{ samples = 256 }}
validation = {{ samples = 64 }}

[model]
input = [28, 28, 1]
layers = [
  {{ type = "flatten" }},
  {{ type = "dense", units = 16, activation = "relu" }},
  {{ type = "dense", units = 10, activation = "softmax" }},
]

[training]
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy"]
optimizer = "adam"
epochs = 2
batch_size = 32
shards = 4
"""


def idx(extents, data):
    """The bytes of an IDX file of unsigned bytes."""
    header = struct.pack(">HBB", 0, 8, len(extents)) + b"".join(struct.pack(">I", n) for n in extents)
    return header + data


class ProgramTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="lockstep-program-")
        self.addCleanup(scratch.cleanup)
        self.directory = Path(scratch.name)
        self.job = self.directory / "job.toml"
        self.write_job()

    def write_job(self, *changes):
        """The job with each (old, new) of `changes` made."""
        text = JOB.format(directory=self.directory)
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        self.job.write_text(text, encoding="utf-8")

    def write_idx(self, labels, cut=0):
        """An IDX data set beside the job, with the last `cut` bytes of the images missing, and a job that uses it."""
        images = idx([len(labels), 28, 28], bytes(28 * 28 * len(labels)))
        (self.directory / "images.gz").write_bytes(gzip.compress(images[: len(images) - cut]))
        (self.directory / "labels.gz").write_bytes(gzip.compress(idx([len(labels)], bytes(labels))))
        self.write_job(
            ('source = "glyphs"', 'source = "idx"'),
            ("train = { samples = 256 }", 'train = { inputs = "images.gz", targets = "labels.gz" }'),
            ("validation = { samples = 64 }", ""),
        )

    def run_program(self, *arguments, ranks=2):
        launcher = [MPIRUN, "--oversubscribe", "-n", str(ranks)] if ranks > 1 else []
        command = [*launcher, PROGRAM, *map(str, arguments)]
        return subprocess.run(command, cwd=self.directory, capture_output=True, text=True, timeout=100, check=False)

    def check_error(self, code, *parts, arguments=None, ranks=2):
        """The program ends with `code`, and says all of `parts`, the first of them exactly once."""
        result = self.run_program(*(arguments or ["train", self.job]), ranks=ranks)
        output = result.stdout + result.stderr
        self.assertEqual(result.returncode, code, output)
        for part in parts:
            self.assertIn(part, output)
        self.assertEqual(output.count(parts[0]), 1, output)

    def check_success(self, *arguments, ranks=2):
        result = self.run_program(*arguments, ranks=ranks)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result


class BadJobs(ProgramTest):
    def check_changed(self, change, *parts):
        self.write_job(change)
        self.check_error(2, *parts)
        self.assertFalse((self.directory / "runs").exists(), "a run directory was made for a bad job")

    def test_unknown_key(self):
        self.check_changed(("epochs = 2", "epoch = 2"), "job.toml:22: training.epoch: unknown key", 'did you mean "epochs"?')

    def test_wrong_type(self):
        self.check_changed(("epochs = 2", 'epochs = "two"'), "job.toml:22: training.epochs: expected an integer")

    def test_no_units(self):
        self.check_changed(("units = 16", "units = 0"), "job.toml:14: model.layers[1]")

    def test_not_toml(self):
        self.check_changed(("epochs = 2", "epochs = = 2"), "job.toml:22:")

    def test_unknown_type(self):
        self.check_changed(('optimizer = "adam"', 'optimizer = "adma"'), 'did you mean "adam"?')

    def check_callback(self, callbacks, *parts):
        """Also on a login node."""
        self.check_changed(("shards = 4", f"shards = 4\n[[callbacks]]\n{callbacks}"), *parts)
        self.check_error(2, *parts, arguments=["check", self.job], ranks=1)

    def test_monitored_key_that_will_not_exist(self):
        self.check_callback('type = "early_stopping"\nmonitor = "val_mae"',
                            '"val_mae", which this training does not have; it has: loss, accuracy, val_loss, val_accuracy')

    def test_average_that_the_optimizer_does_not_keep(self):
        self.check_callback('type = "swap_ema_weights"', "give it use_ema = true")

    def test_two_run_logs(self):
        self.check_callback('type = "run_logger"\n[[callbacks]]\ntype = "run_logger"', "run_logger is there twice")

    def test_wrong_input_shape(self):
        self.check_changed(("input = [28, 28, 1]", "input = [28, 27, 1]"), "model.input = [28, 28, 1]")

    def test_ranks_that_do_not_divide_shards(self):
        self.check_error(2, "numbers of ranks that can: 1, 2, 4", ranks=3)

    def test_missing_job_file(self):
        self.check_error(2, "nowhere.toml: no such file", arguments=["train", "nowhere.toml"])

    def test_unknown_flag(self):
        self.check_error(2, "--epochs", arguments=["train", self.job, "--epochs", "3"])

    def test_bad_override(self):
        self.check_error(2, "--set: training.epoch: unknown key", arguments=["train", self.job, "--set", "training.epoch=3"])


class BadData(ProgramTest):
    def test_missing_file(self):
        self.write_idx([1, 2, 3, 4])
        (self.directory / "images.gz").unlink()
        self.check_error(3, "images.gz")

    def test_truncated_idx(self):
        self.write_idx([1, 2, 3, 4], cut=100)
        self.check_error(3, "images.gz")

    def test_label_out_of_range(self):
        self.write_idx([1, 2, 3, 10])
        self.check_error(3, "sample 3", "from 0 to 9")

    def test_hdf5_without_the_dataset(self):
        self.check_success("train", self.job, "--run-dir", "first")
        self.write_job(
            ('source = "glyphs"', 'source = "hdf5"'),
            ("train = { samples = 256 }", 'train = { file = "first/run.h5", inputs = "/fields/u", targets = "/epochs/loss" }'),
            ("validation = { samples = 64 }", ""),
        )
        self.check_error(3, "/fields/u", "first/run.h5")

    def test_damage_that_only_reading_finds(self):
        self.check_success("train", self.job, "--run-dir", "first")
        self.check_success("predict", "first", "--data", "{ samples = 50 }", "--output", "damaged.h5", ranks=1)
        file = self.directory / "damaged.h5"
        data = file.read_bytes()
        index = struct.pack("<50q", *range(50))
        self.assertEqual(data.count(index), 1)
        file.write_bytes(data.replace(index, index[:8] + b"?" + index[9:]))
        self.write_job(
            ('source = "glyphs"', 'source = "hdf5"'),
            ("train = { samples = 256 }", 'train = { file = "damaged.h5", inputs = "/index", targets = "/index" }'),
            ("validation = { samples = 64 }", ""),
            ("[28, 28, 1]", "[1]"),
            ("units = 10, activation = \"softmax\"", "units = 1"),
            ("sparse_categorical_crossentropy", "mean_squared_error"),
            ('"accuracy"', '"mae"'),
        )
        self.check_error(3, "damaged.h5:/index: cannot read", "Fletcher32")


class RunDirectories(ProgramTest):
    def test_a_run_is_complete(self):
        result = self.check_success("train", self.job)
        run = self.directory / "runs" / "tiny"
        for name in ("job.toml", "run.h5", "checkpoints/final.h5"):
            self.assertTrue((run / name).exists(), name)
        self.assertIn(f"run directory {run}", result.stderr)
        self.check_success("inspect", run / "run.h5", ranks=1)
        self.check_success("inspect", run / "checkpoints/final.h5", ranks=1)

    def test_second_run_gets_a_number(self):
        self.check_success("train", self.job, ranks=1)
        self.check_success("train", self.job, ranks=1)
        self.assertTrue((self.directory / "runs" / "tiny-2" / "run.h5").exists())

    def test_used_directory_is_refused(self):
        self.check_success("train", self.job, "--run-dir", "mine", ranks=1)
        self.check_error(2, "mine: holds a run already", arguments=["train", self.job, "--run-dir", "mine"])
        self.check_success("train", self.job, "--run-dir", "mine", "--overwrite", ranks=1)

    def test_finished_run_says_so(self):
        arguments = ["train", self.job, "--run-dir", "mine", "--resume", "auto"]
        self.check_success(*arguments)
        self.assertIn("the run is finished", self.check_success(*arguments).stderr)

    def test_resume_goes_on_where_it_was(self):
        self.check_success("train", self.job, "--run-dir", "whole", "--set", "training.epochs=4")
        self.check_success("train", self.job, "--run-dir", "parts")
        self.check_success("train", "--resume", "parts", "--set", "training.epochs=4")
        results = [json.loads(self.check_success("evaluate", run, "--json", "-q").stdout) for run in ("whole", "parts")]
        self.assertEqual(results[0]["loss"], results[1]["loss"])

    def test_resume_counts_from_the_initial_epoch(self):
        settings = ["--set", "training.initial_epoch=1", "--set"]
        self.check_success("train", self.job, "--run-dir", "whole", *settings, "training.epochs=4")
        self.check_success("train", self.job, "--run-dir", "parts", *settings, "training.epochs=3")
        self.check_success("train", "--resume", "parts", "--set", "training.epochs=4")
        results = [json.loads(self.check_success("evaluate", run, "--json", "-q").stdout) for run in ("whole", "parts")]
        self.assertEqual(results[0]["loss"], results[1]["loss"])

    def test_resume_with_another_job_is_refused(self):
        self.check_success("train", self.job, "--run-dir", "mine")
        change = ["--set", "training.batch_size=16", "--set", "training.epochs=3"]
        self.check_error(2, "training.batch_size: 32 when the run began, 16 now",
                         arguments=["train", self.job, "--resume", "mine", *change])


class Commands(ProgramTest):
    def test_evaluate_agrees_with_validation(self):
        self.check_success("train", self.job, "--run-dir", "mine")
        one = json.loads(self.check_success("evaluate", "mine", "--json", ranks=1).stdout)
        two = json.loads(self.check_success("evaluate", "mine", "--json").stdout)
        self.assertEqual(one["samples"], 64)
        self.assertEqual(one["loss"], two["loss"])
        self.assertEqual(one["accuracy"], two["accuracy"])

    def test_predict_writes_a_row_per_sample(self):
        self.check_success("train", self.job, "--run-dir", "mine")
        self.check_success("predict", "mine", "--data", "{ samples = 33 }", "--output", "predictions.h5")
        text = self.check_success("inspect", "predictions.h5", ranks=1).stdout
        for name in ("predictions", "index", "targets"):
            self.assertIn(name, text)
        self.assertIn("[33, 10]", text)

    def test_evaluate_of_nothing(self):
        self.check_error(2, "nowhere: there is no such run directory", arguments=["evaluate", "nowhere"])

    def test_check_and_summary(self):
        self.assertIn("is sound", self.check_success("check", self.job, ranks=1).stdout)
        self.assertIn("dense", self.check_success("summary", self.job, ranks=1).stdout)
        self.assertFalse((self.directory / "runs").exists())

    def test_list(self):
        self.assertIn("csv_logger", self.check_success("list", ranks=1).stdout)
        self.assertIn("units", self.check_success("list", "layers", "dense", ranks=1).stdout)
        self.check_error(2, 'did you mean "layers"?', arguments=["list", "layrs"], ranks=1)

    def test_doctor(self):
        text = self.check_success("doctor", ranks=1).stdout
        for fact in ("cores", "MPI", "OpenBLAS", "HDF5", "shared"):
            self.assertIn(fact, text)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
