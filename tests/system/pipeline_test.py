"""Augmentation, block shuffling and caches: what the program trains on does not depend on ranks, nodes or interruptions, and
data need not fit memory."""

import pathlib
import re
import subprocess
import time

import system_test
from system_test import PROGRAM, command, h5py, numpy, read_tables, run, settings

JOB = """\
[data]
source = "hdf5"
train = { file = "train.h5", inputs = "/x", targets = "/y" }
validation = { file = "validation.h5", inputs = "/x", targets = "/y" }
scale = 0.00392156862745098
augmentation = [
  { type = "random_crop", height = 8, width = 8, padding = 1 },
  { type = "random_flip", mode = "horizontal" },
  { type = "random_rotation", factor = 0.05 },
  { type = "gaussian_noise", stddev = 0.1 },
]

[model]
input = [8, 8, 1]
layers = [
  { type = "flatten" },
  { type = "dense", units = 16, activation = "relu" },
  { type = "dense", units = 4, activation = "softmax" },
]

[training]
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy"]
optimizer = "adam"
epochs = 3
batch_size = 20
shards = 4
shuffle = { block = 16, window = 4 }
"""
BIG_JOB = """\
[data]
source = "hdf5"
train = { file = "big.h5", inputs = "/x", targets = "/y" }

[model]
input = [2048]
layers = [{ type = "dense", units = 1 }]

[training]
loss = "mean_squared_error"
optimizer = { type = "sgd", learning_rate = 0.0001 }
batch_size = 512
shuffle = { block = 64, window = 16 }
"""
CLOCKS = ["time", "duration"]
MEGABYTE = 1 << 20


def write_images(path, samples, seed):
    random = numpy.random.default_rng(seed)
    with h5py.File(path, "w") as file:
        images = random.integers(0, 256, (samples, 8, 8, 1), dtype=numpy.uint8)
        file.create_dataset("x", data=images, chunks=(16, 8, 8, 1), compression="gzip")
        file.create_dataset("y", data=images[:, :2, 0, 0].sum(axis=1, dtype=numpy.int32) % 4)


def outcome(directory):
    """Final weights, and what the run log says of each epoch and batch."""
    tables = read_tables(directory / "run.h5")
    with h5py.File(directory / "checkpoints" / "final.h5", "r") as file:
        weights = {f"{layer}/{name}": file["weights"][layer][name][:].tobytes()
                   for layer in file["weights"] for name in file["weights"][layer]}
    numbers = {name: tables[name].drop(columns=CLOCKS, errors="ignore").to_csv(float_format="%.17g")
               for name in ("epochs", "train_batches")}
    return weights, numbers


def peak_memory(*arguments):
    """Of the program alone, in bytes, as it was shortly before its end."""
    peak = 0
    with subprocess.Popen(command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            found = re.search(r"VmHWM:\s+(\d+) kB", status)
            peak = int(found[1]) * 1024 if found else peak  # a process that has ended has no memory
            time.sleep(0.01)
        if process.returncode != 0:
            raise AssertionError(f"{arguments}: exit code {process.returncode}\n{process.stderr.read()}")
    return peak


class PipelineTest(system_test.SystemTest):
    def setUp(self):
        super().setUp()
        self.job = self.directory / "job.toml"
        self.job.write_text(JOB, encoding="utf-8")
        write_images(self.directory / "train.h5", 211, 1)
        write_images(self.directory / "validation.h5", 60, 2)

    def train(self, name, *arguments, ranks):
        directory = self.directory / name
        run("train", self.job, "--run-dir", directory, *arguments, ranks=ranks)
        return outcome(directory)

    def test_ranks_and_nodes_and_caches_change_nothing(self):
        alone = self.train("alone", ranks=1)
        for ranks in (2, 4, "2x2"):
            for cache in ("none", "memory", "node"):
                with self.subTest(ranks=ranks, cache=cache):
                    self.assertEqual(self.train(f"{ranks}-{cache}", *settings(data__cache=cache), ranks=ranks), alone)

    def test_parts_of_a_split_share_a_cache(self):
        validation = 'validation = { file = "validation.h5", inputs = "/x", targets = "/y" }'
        self.job.write_text(JOB.replace(validation, "validation_split = 0.25"), encoding="utf-8")
        stored = self.train("stored", ranks=1)
        said = run("train", self.job, "--run-dir", self.directory / "kept", *settings(data__cache="node"), ranks=2).stderr
        self.assertEqual(said.count("samples in memory"), 1, said)
        self.assertIn("211 samples in memory, 0.1 MB for each node", said)
        self.assertEqual(outcome(self.directory / "kept"), stored)

    def test_augmentation_and_blocks_matter(self):
        whole = self.train("whole", ranks=1)
        self.assertNotEqual(self.train("full", *settings(training__shuffle="true"), ranks=1)[0], whole[0])
        plain = settings(data__augmentation="[]")
        self.assertNotEqual(self.train("plain", *plain, ranks=1)[0], whole[0])

    def test_a_run_that_stopped_within_a_pass_goes_on(self):
        steps = settings(training__steps_per_epoch=7)  # of the 11 of a pass
        whole = self.train("whole", *steps, *settings(training__epochs=4), ranks=1)
        self.train("parts", *steps, *settings(training__epochs=2), ranks=2)
        run("train", "--resume", self.directory / "parts", *settings(training__epochs=4), ranks=4)
        self.assertEqual(outcome(self.directory / "parts"), whole)

    def test_shapes_that_do_not_fit_are_explained(self):
        def message(*arguments):
            return run("train", self.job, "--run-dir", self.directory / "bad", *arguments, code=2).stderr
        crop = settings(data__augmentation='[{ type = "random_crop", height = 6, width = 6 }]')
        self.assertIn("but the samples have shape [6, 6, 1] after augmentation", message(*crop))
        small = settings(model__input="[6, 6, 1]")
        self.assertIn("augmentation changes training samples only: expected validation samples of the shape that it "
                      "makes, [6, 6, 1], got [8, 8, 1]", message(*crop, *small))
        self.assertIn("normalizes each feature", message(*crop, *small, *settings(data__normalize="standard")))
        self.assertIn("data.augmentation[0]: random_crop: expected images of at least 20 x 6",
                      message(*settings(data__augmentation='[{ type = "random_crop", height = 20, width = 6 }]')))
        self.assertFalse((self.directory / "bad").exists())

    def test_a_job_can_be_looked_over_first(self):
        looked_over = run("check", self.job).stdout
        self.assertIn("for two windows of samples", looked_over)
        self.assertIn("cache", run("check", self.job, *settings(data__cache="node")).stdout)
        self.assertIn("random_crop", run("list", "augmentations").stdout)
        self.assertIn("padding", run("list", "augmentations", "random_crop").stdout)

    def test_data_need_not_fit_memory(self):
        """400 MB of samples; both trainings hold two windows of 1,024 samples, which are 16 MiB."""
        samples, features, piece = 51200, 2048, 5120
        random = numpy.random.default_rng(3)
        with h5py.File(self.directory / "big.h5", "w") as file:
            inputs = file.create_dataset("x", (samples, features), dtype=numpy.float32, chunks=(64, features))
            for first in range(0, samples, piece):
                inputs[first:first + piece] = random.random((piece, features), dtype=numpy.float32)
            file.create_dataset("y", data=random.random(samples, dtype=numpy.float32))
        job = self.directory / "big.toml"
        job.write_text(BIG_JOB, encoding="utf-8")
        small = peak_memory("train", job, "--run-dir", self.directory / "small", *settings(data__train__first=2048))
        whole = peak_memory("train", job, "--run-dir", self.directory / "big")
        print(f"{PROGRAM}: peak memory {small / MEGABYTE:.0f} MiB with 2,048 samples, {whole / MEGABYTE:.0f} MiB with all")
        self.assertEqual(read_tables(self.directory / "big" / "run.h5")["train_batches"]["samples"].sum(), samples)
        self.assertLess(whole - small, 40 * MEGABYTE)


if __name__ == "__main__":
    system_test.main()
