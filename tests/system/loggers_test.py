"""What the loggers write, read with the tools that users have, and compared with each other to the last bit.

The second half are faults that loggers of other systems are known for, each with a test of its own."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import system_test
from system_test import SOURCE, h5py, numpy, pandas, read_tables, run, settings, wait_until

sys.path.append(str(SOURCE / "tests" / "callbacks"))
import read_events  # noqa: E402  raises Broken on every wrong checksum, of records and of images

JOB = SOURCE / "tests" / "system" / "all_callbacks.toml"
EPOCHS, STEPS, TRAINING, VALIDATION, RANKS = 6, 20, 1950, 390, 2  # of that job
WEIGHTS = {"hidden/kernel": 784 * 32, "hidden/bias": 32, "digits/kernel": 320, "digits/bias": 10}
METRICS = ["loss", "accuracy"]
LONGER = settings(data__train__samples=20000, training__epochs=3)  # to be killed within an epoch
LONGER_STEPS = 200  # of such an epoch
TIMES = ["time", "timestamp", "duration"]  # what differs from run to run


def train(directory, *arguments, job=JOB, code=0):
    return run("train", job, "--run-dir", directory, *arguments, ranks=RANKS, code=code)


def callbacks(*tables):
    """--set arguments that put these callbacks in place of the job's."""
    return ["--set", f"callbacks=[{', '.join('{' + table + '}' for table in tables)}]"]


def read_csv(path):
    return pandas.read_csv(path, keep_default_na=False, na_values=["NA"], float_precision="round_trip")


def read_json_lines(path):
    """Every line of the file as a table; NaN and Infinity, which JSON does not have, are errors."""
    def refuse(name):
        raise ValueError(f"{name} is no JSON")
    return [json.loads(line, parse_constant=refuse) for line in path.read_text(encoding="utf-8").splitlines()]


def epochs_of(lines):
    return pandas.DataFrame([line for line in lines if line["event"] == "epoch"]).drop(columns=["event", "rank", "step"])


def batches_of(csv, phase="train"):
    return csv[csv["phase"] == phase].drop(columns="phase").reset_index(drop=True)


def running_means(batches, metric):
    """The mean of the epoch's samples so far, after every batch, from the values of the batches alone."""
    weighted = batches[f"batch_{metric}"] * batches["samples"]
    epochs = batches["epoch"]
    return weighted.groupby(epochs).cumsum() / batches["samples"].groupby(epochs).cumsum()


def read_curves(directory):
    """{"train/epoch_loss": [(step, value), …]} of TensorBoard's scalars."""
    return {f"{name}/{tag}": [(entry["step"], entry["value"]) for entry in entries]
            for name, tags in read_events.read_runs(directory / "tensorboard").items()
            for tag, entries in tags.items() if "value" in entries[0]}


def octave(script):
    """The numbers that a script prints, one to a line."""
    done = subprocess.run(["octave-cli", "--no-gui", "--quiet", "--eval", script], capture_output=True, text=True,
                          timeout=60, check=False)
    told = [line for line in done.stderr.splitlines() if not line.endswith("while preparing to exit")]  # of Octave 7, always
    if done.returncode or told:
        warnings = [line for line in told if line.startswith(("warning", "error"))]
        raise AssertionError("\n".join([f"Octave ended with code {done.returncode}", *(warnings or told)]))
    return numpy.array(done.stdout.split(), dtype=float)


def newest_step(directory):
    """The step of the newest checkpoint, or 0."""
    steps = [0]
    for path in (directory / "checkpoints").glob("[!.]*.h5"):
        try:
            with h5py.File(path, "r") as file:
                steps.append(int(file.attrs["step"]))
        except OSError:
            pass  # it made room for a newer one meanwhile
    return max(steps)


class ComparingTest(system_test.SystemTest):
    def assert_same_columns(self, table, other, columns):
        for column in columns:
            with self.subTest(column=column):
                numpy.testing.assert_array_equal(table[column].to_numpy(), other[column].to_numpy())

    def assert_equal_lengths(self, path):
        """Every column of a group is as long as the others, however many axes they have."""
        def visit(name, item):
            lengths = {len(column) for column in item.values() if isinstance(column, h5py.Dataset)} \
                if isinstance(item, h5py.Group) else set()
            self.assertLessEqual(len(lengths), 1, f"{path}: /{name}")
        with h5py.File(path, "r") as file:
            file.visititems(visit)

    def assert_whole_lines(self, path):
        lines = path.read_text(encoding="utf-8").split("\n")
        self.assertEqual(lines.pop(), "", f"{path} ends within a line")
        self.assertEqual({line.count(",") for line in lines}, {lines[0].count(",")}, path)


class LoggersTest(ComparingTest):
    """One run with every callback."""

    @classmethod
    def setUpClass(cls):
        directory = pathlib.Path(tempfile.mkdtemp(prefix="lockstep-system-"))
        cls.addClassCleanup(shutil.rmtree, directory, ignore_errors=True)
        cls.run_directory = directory / "run"
        cls.run_log = cls.run_directory / "run.h5"
        train(cls.run_directory)
        cls.tables = read_tables(cls.run_log)

    def open(self):
        file = h5py.File(self.run_log, "r")
        self.addCleanup(file.close)
        return file

    def test_h5py_and_pandas_read_every_group(self):
        self.assert_equal_lengths(self.run_log)
        rows = {name: len(self.tables[name]) for name in ("epochs", "train_batches", "ranks/info", "ranks/timing")}
        self.assertEqual(rows, {"epochs": EPOCHS, "train_batches": EPOCHS * STEPS, "ranks/info": RANKS,
                                "ranks/timing": EPOCHS * RANKS})
        timing = self.tables["ranks/timing"]
        self.assertEqual(sorted(zip(timing["epoch"], timing["rank"])),
                         [(epoch, rank) for epoch in range(EPOCHS) for rank in range(RANKS)])

    def test_h5dump_reads_everything(self):
        if not shutil.which("h5dump"):
            self.skipTest("h5dump is not installed")
        done = subprocess.run(["h5dump", self.run_log], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(done.stderr, "")
        for name, table in self.tables.items():
            self.assertIn(f'GROUP "{name.split("/")[-1]}"', done.stdout)
            self.assertTrue(all(f'DATASET "{column}"' in done.stdout for column in table), name)

    def test_octave_reads_every_number(self):
        if not shutil.which("octave-cli"):
            self.skipTest("octave is not installed")
        columns = [(name.replace("/", "."), column, table[column]) for name, table in self.tables.items()
                   for column in table if table[column].dtype != object]
        prints = "".join(f'printf("%.17g\\n", x.{name}.{column}(:));' for name, column, _ in columns)
        numbers = octave(f'x = load("-hdf5", "{self.run_log}"); {prints}')
        numpy.testing.assert_array_equal(numbers, numpy.concatenate([values.to_numpy(float) for *_, values in columns]))

    def test_the_running_mean_is_not_labelled_as_the_batch(self):
        batches = self.tables["train_batches"]
        self.assertEqual(batches["samples"].tolist(), EPOCHS * (19 * [100] + [50]))
        self.assertEqual(self.tables["val_batches"].groupby("epoch")["samples"].sum().tolist(), EPOCHS * [VALIDATION])
        for table in (batches, self.tables["val_batches"]):
            for metric in METRICS:
                numpy.testing.assert_allclose(table[metric], running_means(table, metric), rtol=1e-12)
                later = table["batch"] > 0
                self.assertFalse((table[metric] == table[f"batch_{metric}"])[later].all())
                numpy.testing.assert_array_equal(table[metric][~later], table[f"batch_{metric}"][~later])

    def test_an_epochs_value_is_the_mean_of_all_its_samples(self):
        for prefix, table in (("", "train_batches"), ("val_", "val_batches")):
            last = self.tables[table].groupby("epoch").last()
            for metric in METRICS:
                numpy.testing.assert_array_equal(self.tables["epochs"][prefix + metric], last[metric])

    def test_csv_files_hold_what_the_run_log_holds(self):
        for name in ("epochs.csv", "batches.csv"):
            self.assert_whole_lines(self.run_directory / name)
        epochs = read_csv(self.run_directory / "epochs.csv")
        self.assertEqual(list(epochs), ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"])
        self.assert_same_columns(epochs, self.tables["epochs"], epochs)
        batches = read_csv(self.run_directory / "batches.csv")
        for phase, table in (("train", "train_batches"), ("validation", "val_batches")):
            rows = batches_of(batches, phase)
            columns = set(rows) - {"timestamp"} - ({"learning_rate"} if phase == "validation" else set())
            self.assert_same_columns(rows, self.tables[table], sorted(columns))
        self.assertTrue(batches_of(batches, "validation")["learning_rate"].isna().all())

    def test_json_lines_hold_what_the_run_log_holds(self):
        lines = read_json_lines(self.run_directory / "log.jsonl")
        epochs = epochs_of(lines)
        columns = ["epoch", "learning_rate", *METRICS, "val_loss", "val_accuracy"]
        self.assert_same_columns(epochs, self.tables["epochs"], columns)
        for event, table in (("train_batch", "train_batches"), ("val_batch", "val_batches")):
            rows = pandas.DataFrame([line for line in lines if line["event"] == event])
            self.assert_same_columns(rows, self.tables[table], ["epoch", "batch", "step", *METRICS, "batch_loss"])
        self.assertEqual((lines[0]["event"], lines[-1]["event"]), ("train_begin", "train_end"))

    def test_tensorboard_holds_what_the_run_log_holds(self):
        def curve(table, column, steps):
            return list(zip(self.tables[table][steps], self.tables[table][column].astype(numpy.float32)))
        curves = read_curves(self.run_directory)
        last_steps = range(STEPS - 1, EPOCHS * STEPS, STEPS)
        expected = {"train/epoch_learning_rate": curve("epochs", "learning_rate", "epoch")}
        for metric in METRICS:
            values = self.tables["epochs"][f"val_{metric}"].astype(numpy.float32)
            expected |= {f"train/epoch_{metric}": curve("epochs", metric, "epoch"),
                         f"train/batch_{metric}": curve("train_batches", f"batch_{metric}", "step"),
                         f"validation/epoch_{metric}": curve("epochs", f"val_{metric}", "epoch"),
                         f"validation/evaluation_{metric}_vs_iterations": list(zip(last_steps, values))}
        self.assertEqual(curves, expected)

    def test_tensorboard_shows_the_weights(self):
        tags = read_events.read_runs(self.run_directory / "tensorboard")["train"]
        for weight, count in WEIGHTS.items():
            with self.subTest(weight=weight):
                histograms = tags[f"{weight}/histogram"]
                self.assertEqual([entry["step"] for entry in histograms], list(range(EPOCHS)))
                for entry in histograms:
                    self.assertEqual((entry["histogram"]["num"], sum(entry["histogram"]["counts"])), (count, count))
                images = [entry["image"] for entry in tags[f"{weight}/image"]]
                self.assertEqual(len(images), EPOCHS)
                self.assertEqual({image["height"] * image["width"] for image in images}, {count})

    def test_histograms_hold_every_weight(self):
        file = self.open()
        for weight, count in WEIGHTS.items():
            for group in ("histograms", "gradient_histograms"):
                with self.subTest(weight=f"{group}/{weight}"):
                    counts, edges = (file[f"{group}/{weight}/{key}"][:] for key in ("counts", "edges"))
                    self.assertEqual(counts.sum(axis=1).tolist(), EPOCHS * [count])
                    self.assertTrue((numpy.diff(edges, axis=1) > 0).all())

    def test_gradient_norms_are_positive_and_make_up_the_global_one(self):
        norms = {weight: self.tables[f"gradients/{weight}"] for weight in WEIGHTS}
        for weight, table in norms.items():
            self.assertEqual(table["step"].tolist(), list(range(EPOCHS * STEPS)))
            self.assertTrue((table["norm"] > 0).all(), weight)
            starts_from_zero = weight.endswith("bias")  # then there is no ratio
            self.assertEqual(table["update_ratio"].isna().sum(), starts_from_zero, weight)
            self.assertTrue((table["update_ratio"].iloc[int(starts_from_zero):] > 0).all(), weight)
        together = numpy.sqrt(sum(table["norm"]**2 for table in norms.values()))
        numpy.testing.assert_allclose(self.tables["gradients/global"]["norm"], together, rtol=1e-6)

    def test_predictions_of_the_probe_are_probabilities(self):
        file = self.open()
        for group, samples in (("predictions/outputs", 16), ("activations/digits", 4)):
            values = file[f"{group}/values"][:]
            self.assertEqual(values.shape, (EPOCHS, samples, 10))
            numpy.testing.assert_allclose(values.sum(axis=2), 1, rtol=1e-5)
        self.assertTrue((file["activations/hidden/values"][:] >= 0).all())  # behind relu

    def test_confusion_counts_hold_every_validation_sample(self):
        counts = self.open()["confusion/counts"][:]
        self.assertEqual(counts.sum(axis=(1, 2)).tolist(), EPOCHS * [VALIDATION])
        right = counts.trace(axis1=1, axis2=2) / VALIDATION
        numpy.testing.assert_allclose(right, self.tables["epochs"]["val_accuracy"], rtol=1e-12)


class KnownFaultsTest(ComparingTest):
    def setUp(self):
        super().setUp()
        self.run_directory = self.directory / "run"
        self.run_log = self.run_directory / "run.h5"

    def job_without_validation(self):
        path = self.directory / "job.toml"
        lines = JOB.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(line for line in lines if not line.startswith("validation")), encoding="utf-8")
        return path

    def test_late_keys_get_their_column_and_shift_none(self):
        train(self.run_directory, *settings(training__validation_freq=2, training__epochs=5))
        for name in ("epochs.csv", "batches.csv"):
            self.assert_whole_lines(self.run_directory / name)
        epochs = read_tables(self.run_log)["epochs"]
        missing = [True, False, True, False, True]
        for table in (epochs, read_csv(self.run_directory / "epochs.csv")):
            for metric in METRICS:
                self.assertEqual(table[f"val_{metric}"].isna().tolist(), missing)
                self.assertFalse(table[metric].isna().any())
            self.assert_same_columns(table, epochs, ["epoch", *METRICS, "val_loss", "val_accuracy"])
        lines = epochs_of(read_json_lines(self.run_directory / "log.jsonl"))
        self.assertEqual(lines["val_loss"].isna().tolist(), missing)
        steps = [step for step, _ in read_curves(self.run_directory)["validation/epoch_loss"]]
        self.assertEqual(steps, [1, 3])

    def test_no_column_is_invented_without_validation(self):
        loggers = callbacks('type = "csv_logger", path = "epochs.csv"', 'type = "tensorboard", log_dir = "tensorboard"',
                            'type = "csv_logger", path = "batches.csv", per = "batch", validation = true',
                            'type = "json_logger", path = "log.jsonl", per = "both", validation = true')
        train(self.run_directory, *loggers, *settings(training__epochs=2), job=self.job_without_validation())
        tables = read_tables(self.run_log)
        names = [*tables, *(column for table in tables.values() for column in table),
                 *read_csv(self.run_directory / "epochs.csv"), *read_csv(self.run_directory / "batches.csv"),
                 *(key for line in read_json_lines(self.run_directory / "log.jsonl") for key in line),
                 *read_events.read_runs(self.run_directory / "tensorboard")]
        self.assertIn("loss", names)
        self.assertEqual([name for name in names if name.startswith("val")], [])

    def test_the_best_of_a_key_that_does_not_exist_is_refused_before_training(self):
        for monitor in ("val_acc", "val_los"):
            with self.subTest(monitor=monitor):
                best = callbacks(f'type = "model_checkpoint", save_best_only = true, monitor = "{monitor}", mode = "min"')
                told = train(self.directory / monitor, *best, code=2).stderr
                self.assertRegex(told, f'"{monitor}".* loss, accuracy, val_loss, val_accuracy')
                self.assertEqual(list(self.directory.glob("**/*.h5")), [])

    def test_nothing_is_saved_as_best_in_epochs_without_validation(self):
        best = callbacks('type = "model_checkpoint", save_best_only = true, path = "best/{epoch}.h5"')
        train(self.run_directory, *best, *settings(training__validation_freq=2))
        losses = read_tables(self.run_log)["epochs"]["val_loss"]
        records = losses[losses < losses.cummin().shift(fill_value=numpy.inf).ffill()]
        self.assertGreater(len(records), 1)
        self.assertEqual(sorted(int(file.stem) for file in (self.run_directory / "best").iterdir()),
                         [epoch + 1 for epoch in records.index])

    def assert_same_training(self, directory, other):
        """The files of two runs tell of the same training: everything but times is equal, row for row and bit for bit."""
        for name, table in read_tables(directory / "run.h5").items():
            if not name.startswith("ranks"):
                columns = [column for column in table if column not in TIMES]
                self.assert_same_columns(table, read_tables(other / "run.h5")[name], columns)
        for name in ("epochs.csv", "batches.csv"):
            self.assert_whole_lines(directory / name)
            rows, others = (read_csv(path / name) for path in (directory, other))
            self.assert_same_columns(rows, others, [column for column in others if column not in TIMES])
        rows, others = ([{key: value for key, value in line.items() if key not in TIMES}
                         for line in read_json_lines(path / "log.jsonl")
                         if line["event"] not in ("train_begin", "train_end")] for path in (directory, other))
        self.assertEqual(rows, others)
        self.assertEqual(read_curves(directory), read_curves(other))
        self.assert_same_weights(directory, other)

    def assert_same_weights(self, directory, other):
        left, right = (path / "checkpoints" / "final.h5" for path in (directory, other))
        with h5py.File(left, "r") as left, h5py.File(right, "r") as right:
            for weight in WEIGHTS:
                self.assertEqual(left["weights"][weight][:].tobytes(), right["weights"][weight][:].tobytes(), weight)

    def test_a_resume_continues_every_file_without_overlap_and_gap(self):
        train(self.run_directory, *settings(training__epochs=2))
        run("train", "--resume", self.run_directory, *settings(training__epochs=4), ranks=RANKS)
        batches = read_tables(self.run_log)["train_batches"]
        self.assertEqual(batches["step"].tolist(), list(range(4 * STEPS)))
        for name, tags in read_events.read_runs(self.run_directory / "tensorboard").items():
            for tag, entries in tags.items():
                steps = [entry["step"] for entry in entries]
                self.assertEqual(steps, sorted(set(steps)), f"{name}: {tag}")
        uninterrupted = self.directory / "uninterrupted"
        train(uninterrupted, *settings(training__epochs=4))
        self.assert_same_training(self.run_directory, uninterrupted)

    def kill_within_an_epoch(self, *arguments):
        """Kills a job once it has a checkpoint in the middle of its second epoch."""
        job = self.start(JOB, *LONGER, *arguments, ranks=RANKS)
        middle = range(LONGER_STEPS + 20, 2 * LONGER_STEPS - 50)
        wait_until(lambda: newest_step(self.run_directory) in middle or job.process.poll() is not None, 30,
                   "checkpoint within an epoch")
        self.assertIsNone(job.process.poll(), f"the job ended first:\n{job.error_text()}")
        job.kill()
        step = newest_step(self.run_directory)
        print(f"killed after the checkpoint of step {step}, with {self.rows_of_batches()} steps in the log")
        self.assertNotEqual(step % LONGER_STEPS, 0)

    def rows_of_batches(self):
        return len(read_tables(self.run_log)["train_batches"])

    def test_backup_and_restore_loses_no_batch(self):
        backup = callbacks('type = "backup_and_restore", save_freq = 7')
        self.kill_within_an_epoch(*backup)
        self.assertTrue((self.run_directory / "checkpoints/backup.h5").exists())
        told = run("train", "--resume", self.run_directory, ranks=RANKS).stderr
        self.assertIn("continued from backup.h5", told)
        uninterrupted = self.directory / "uninterrupted"
        train(uninterrupted, *LONGER, *backup)
        for name, table in read_tables(uninterrupted / "run.h5").items():
            if not name.startswith("ranks"):
                self.assert_same_columns(read_tables(self.run_log)[name], table, [key for key in table if key not in TIMES])
        self.assert_same_weights(self.run_directory, uninterrupted)

    def test_a_killed_run_with_every_callback_continues_every_file(self):
        self.kill_within_an_epoch()
        run("train", "--resume", self.run_directory, ranks=RANKS)
        uninterrupted = self.directory / "uninterrupted"
        train(uninterrupted, *LONGER)
        self.assert_same_training(self.run_directory, uninterrupted)


if __name__ == "__main__":
    system_test.main()
