"""What the examples write, as the documents show it: headers, formats, numbers of rows, keys, tags. LOCKSTEP_EXAMPLES is
the directory of the built examples."""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import system_test
from system_test import MPIEXEC, SOURCE, h5py, numpy, pandas, read_tables, run

sys.path.insert(0, str(SOURCE / "tests" / "callbacks"))
import read_events  # noqa: E402

EXAMPLES = pathlib.Path(os.environ["LOCKSTEP_EXAMPLES"])
FIXED = r"\d+\.\d{4}"  # {:.4f}
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
LINE = re.compile(rf"({STAMP}\.\d{{3}}[+-]\d\d:\d\d) (debug|info) +main \[rank (\d)/2 [^]]+\] (.*)")


def run_example(name, *arguments):
    """Runs it on two ranks; returns what it printed on standard output and standard error."""
    line = [MPIEXEC, "--oversubscribe", "-n", "2", str(EXAMPLES / name), *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(line)}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout, done.stderr


def local_second():
    return datetime.datetime.now().replace(microsecond=0)


class DocumentTest(system_test.SystemTest):
    EXAMPLE = ""

    @classmethod
    def setUpClass(cls):
        """The example runs once for all tests of a class."""
        place = tempfile.TemporaryDirectory(prefix="lockstep-documents-")
        cls.addClassCleanup(place.cleanup)
        cls.files = pathlib.Path(place.name)
        cls.begin = local_second()
        cls.output, cls.errors = run_example(cls.EXAMPLE, cls.files)
        cls.end = local_second()

    def log_lines(self, path):
        """(level, rank, message) of each line; every line has the form of a log line."""
        lines = (self.files / path).read_text(encoding="utf-8").splitlines()
        matches = [LINE.fullmatch(line) for line in lines]
        self.assertNotIn(None, matches, lines)
        return [match.group(2, 3, 4) for match in matches]


class CsvLogs(DocumentTest):
    """How can I log Keras `fit` output to a file?"""

    EXAMPLE = "csv_logs"
    EPOCHS, BATCHES = 5, 4  # 100 samples in batches of 32

    def rows(self, name, header, row):
        """The fields of each row; header and rows are compared as they are, line ends too."""
        first, *lines = (self.files / name).read_bytes().decode().split("\n")
        self.assertEqual(first, header)
        self.assertEqual(lines.pop(), "")
        for line in lines:
            self.assertRegex(line, f"^{row}$")
        return [line.split(",") for line in lines]

    def epochs(self):
        return self.rows("training_log.csv", "Epoch, Loss, Accuracy, Precision, Recall", rf"[1-5](,{FIXED}){{4}}")

    def batches(self):
        return self.rows("batch_log.csv", "Batch, Loss, Accuracy, Precision, Recall", rf"[1-4](,{FIXED}){{4}}")

    def advanced(self):
        return self.rows("advanced_log.csv", "Timestamp, Epoch, Loss, Accuracy, Learning Rate, Precision, Recall",
                         rf"{STAMP},[1-5],{FIXED},{FIXED},\d\.\d{{6}},{FIXED},{FIXED}")

    def test_an_epoch_per_row(self):
        self.assertEqual([row[0] for row in self.epochs()], [str(1 + epoch) for epoch in range(self.EPOCHS)])

    def test_a_batch_per_row_beginning_anew_each_epoch(self):
        self.assertEqual([row[0] for row in self.batches()],
                         [str(1 + batch) for _ in range(self.EPOCHS) for batch in range(self.BATCHES)])

    def test_the_last_batch_has_the_values_of_its_epoch(self):
        last = self.batches()[self.BATCHES - 1::self.BATCHES]
        self.assertEqual([row[1:] for row in last], [row[1:] for row in self.epochs()])

    def test_values_are_possible(self):
        for _, loss, *rates in self.batches():
            self.assertGreater(float(loss), 0.0)
            self.assertTrue(all(0.0 <= float(rate) <= 1.0 for rate in rates), rates)
        self.assertEqual(len({row[1] for row in self.epochs()}), self.EPOCHS)  # it learns

    def test_time_and_learning_rate(self):
        rows = self.advanced()
        self.assertEqual([[row[1], *row[2:4], *row[5:]] for row in rows], self.epochs())
        self.assertEqual({row[4] for row in rows}, {"0.001000"})
        times = [datetime.datetime.fromisoformat(row[0]) for row in rows]
        self.assertEqual(times, sorted(times))
        self.assertLessEqual(self.begin, times[0])
        self.assertLessEqual(times[-1], self.end)


class LoopLogs(DocumentTest):
    """How can TensorFlow Keras logging be implemented within a for loop?"""

    EXAMPLE = "training_loop"
    EPOCHS, BATCHES, INTERVAL = 10, 20, 10

    def steps(self):
        return [json.loads(line) for line in (self.files / "steps.jsonl").read_text(encoding="utf-8").splitlines()]

    def test_a_line_per_epoch_and_every_so_many_batches(self):
        expected = []
        for epoch in range(1, self.EPOCHS + 1):
            expected += [("debug", "0", f"Epoch {epoch}, Batch {batch}/{self.BATCHES}, Loss: #")
                         for batch in range(self.INTERVAL, self.BATCHES + 1, self.INTERVAL)]
            expected.append(("info", "0", f"Epoch {epoch}/{self.EPOCHS}, Loss: #, Accuracy: #"))
        lines = [(level, rank, re.sub(FIXED, "#", text)) for level, rank, text in self.log_lines("rank-0000.log")]
        self.assertEqual(lines, expected)

    def test_every_rank_has_a_file_with_the_same_figures(self):
        texts = [[line[2] for line in self.log_lines(f"rank-000{rank}.log")] for rank in range(2)]
        self.assertEqual(*texts)

    def test_json_lines(self):
        steps = self.steps()
        self.assertEqual({tuple(step) for step in steps}, {("time", "epoch", "batch", "loss", "learning_rate")})
        self.assertEqual([(step["epoch"], step["batch"]) for step in steps],
                         [(epoch, batch) for epoch in range(1, self.EPOCHS + 1) for batch in range(1, self.BATCHES + 1)])
        self.assertEqual({step["learning_rate"] for step in steps}, {0.001})
        times = [step["time"] for step in steps]
        self.assertEqual(times, sorted(times))
        self.assertTrue(self.begin.timestamp() <= times[0] <= times[-1] <= self.end.timestamp() + 1)

    def test_lines_and_json_agree(self):
        losses = {(step["epoch"], step["batch"]): step["loss"] for step in self.steps()}
        for level, _, text in self.log_lines("rank-0000.log"):
            loss = float(re.search(rf"Loss: ({FIXED})", text)[1])
            epoch = int(re.match(r"Epoch (\d+)", text)[1])
            if level == "debug":
                expected = losses[epoch, int(re.search(r"Batch (\d+)", text)[1])]
            else:  # batches have the same size
                expected = numpy.mean([losses[epoch, batch] for batch in range(1, self.BATCHES + 1)])
            self.assertAlmostEqual(loss, expected, delta=0.50001e-4)


class BatchLosses(DocumentTest):
    """How to record Keras/Tensorflow 2.0 training and validation loss per batch?"""

    EXAMPLE = "batch_losses"
    VALUES = 8  # 2 epochs of 4 batches

    def lists(self):
        pairs = [re.fullmatch(r"(.+): \[(.*)\]", line).groups() for line in self.output.splitlines()]
        return {title: values.split(", ") for title, values in pairs}

    def test_a_value_per_batch_of_training_and_validation(self):
        lists = self.lists()
        self.assertEqual(list(lists), ["Training losses", "Validation losses", "Training my_custom_loss",
                                       "Validation my_custom_loss", "Training no_such_key"])
        self.assertEqual({len(values) for values in lists.values()}, {self.VALUES})
        for title in list(lists)[:-1]:
            for value in lists[title]:
                self.assertRegex(value, f"^{FIXED}$")

    def test_a_missing_key_is_nan(self):
        self.assertEqual(self.lists()["Training no_such_key"], ["nan"] * self.VALUES)

    def test_the_loss_under_a_name_of_ones_own(self):
        lists = self.lists()
        for part in ("Training", "Validation"):
            self.assertEqual(lists[f"{part} my_custom_loss"], lists[f"{part} losses"])

    def test_values_are_of_the_batch_alone(self):
        """Running means of an epoch would approach each other; validation batches are the same in each epoch."""
        first, second = numpy.reshape([float(value) for value in self.lists()["Validation losses"]], (2, -1))
        self.assertGreater(numpy.ptp(first), 0.01)
        self.assertLess(numpy.abs(first - second).max(), 0.5 * numpy.ptp(first))


class TensorBoardLogs(DocumentTest):
    """How can PyTorch logging be implemented during the `model.fit()` process? Example 2."""

    EXAMPLE = "tensorboard_logs"
    EPOCHS, BATCHES = 10, 10
    KERNEL = 784 * 32

    def setUp(self):
        super().setUp()
        self.runs = read_events.read_runs(self.files / "logs")
        self.train = self.runs["train"]

    def curve(self, tag):
        return {entry["step"]: entry["value"] for entry in self.train[tag]}

    def test_tags(self):
        mine = {"training loss", "epoch loss", "first kernel", "first unit"}
        weights = {f"{layer}/{weight}/histogram" for layer in ("dense", "dense_1") for weight in ("kernel", "bias")}
        curves = {f"{per}_{key}" for per in ("epoch", "batch") for key in ("loss", "accuracy")} | {"epoch_learning_rate"}
        self.assertEqual(set(self.train), mine | weights | curves | {"model"} | {f"inputs/{i}" for i in range(4)})
        self.assertEqual(set(self.runs["validation"]), {"epoch_loss", "epoch_accuracy", "evaluation_loss_vs_iterations",
                                                        "evaluation_accuracy_vs_iterations"})

    def test_a_value_per_step_and_per_epoch(self):
        self.assertEqual(list(self.curve("training loss")), list(range(self.EPOCHS * self.BATCHES)))
        self.assertEqual(list(self.curve("epoch loss")), list(range(self.EPOCHS)))

    def test_own_values_are_those_of_the_writer(self):
        self.assertEqual(self.curve("training loss"), self.curve("batch_loss"))
        self.assertEqual(self.curve("epoch loss"), self.curve("epoch_loss"))

    def test_an_epoch_has_the_mean_of_its_batches(self):
        batches = numpy.reshape(list(self.curve("training loss").values()), (self.EPOCHS, self.BATCHES))
        numpy.testing.assert_allclose(list(self.curve("epoch loss").values()), batches.mean(axis=1), rtol=1e-5)

    def test_histograms(self):
        for entry in self.train["first kernel"]:
            self.assertEqual(entry["histogram"]["num"], self.KERNEL)
            self.assertEqual(sum(entry["histogram"]["counts"]), self.KERNEL)
        self.assertEqual(len(self.train["first kernel"]), self.EPOCHS)

    def test_images(self):
        for entry in self.train["first unit"]:
            pixels = numpy.array(entry["image"]["rows"])
            self.assertEqual(pixels.shape, (28, 28))
            self.assertEqual((pixels.min(), pixels.max()), (0, 255))
        self.assertEqual(len(self.train["first unit"]), self.EPOCHS)


class GradientLogs(DocumentTest):
    """How can PyTorch logging be implemented during the `model.fit()` process? Examples 1 and 3."""

    EXAMPLE = "gradient_logs"
    EPOCHS, BATCHES = 10, 4
    WEIGHTS = ["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"]

    def messages(self):
        lines = self.log_lines("logs/rank-0000.log")
        self.assertEqual({line[:2] for line in lines}, {("info", "0")})
        return [line[2] for line in lines]

    def test_lines_of_batches_and_epochs(self):
        batch = [f"Layer: {weight}, Gradient Norm: #" for weight in self.WEIGHTS]
        expected = []
        for epoch in range(self.EPOCHS):
            expected += batch * self.BATCHES + [f"Epoch: {epoch}, Loss: #, Accuracy: #"]
        self.assertEqual([re.sub(FIXED, "#", message) for message in self.messages()], expected)

    def test_hooks_speak_on_one_rank_and_not_on_the_screen(self):
        self.assertEqual(self.output, "")
        self.assertNotIn("Norm", self.errors)
        self.assertEqual(self.log_lines("logs/rank-0001.log"), [])

    def test_the_run_log_has_the_same_norms(self):
        tables = read_tables(self.files / "run.h5")
        for weight in self.WEIGHTS:
            lines = [message.split()[-1] for message in self.messages() if message.startswith(f"Layer: {weight},")]
            table = tables[f"gradients/{weight}"]
            self.assertEqual([f"{norm:.4f}" for norm in table["norm"]], lines)
            self.assertEqual(list(table["step"]), list(range(self.EPOCHS * self.BATCHES)))

    def test_the_global_norm_is_that_of_all_weights(self):
        tables = read_tables(self.files / "run.h5")
        squares = sum(tables[f"gradients/{weight}"]["norm"]**2 for weight in self.WEIGHTS)
        numpy.testing.assert_allclose(tables["gradients/global"]["norm"], numpy.sqrt(squares), rtol=1e-6)

    def test_lines_of_epochs_are_those_of_the_run_log(self):
        epochs = read_tables(self.files / "run.h5")["epochs"]
        expected = [f"Epoch: {row.epoch}, Loss: {row.loss:.4f}, Accuracy: {100 * row.accuracy:.4f}"
                    for row in epochs.itertuples()]
        self.assertEqual([message for message in self.messages() if message.startswith("Epoch")], expected)


class Guide(DocumentTest):
    """Writing your own callbacks."""

    EXAMPLE = "guide_callbacks"
    RATES = [0.1] * 3 + [0.05] * 3 + [0.01] * 3 + [0.005] * 3 + [0.001] * 3

    @classmethod
    def setUpClass(cls):
        cls.output, cls.errors = run_example(cls.EXAMPLE)

    @staticmethod
    def batches(what, number, keys):
        for batch in range(number):
            yield f"...{what}: start of batch {batch}; got log keys: []"
            yield f"...{what}: end of batch {batch}; got log keys: {keys}"

    def test_all_hooks_in_the_order_of_the_guide(self):
        keys = ["loss", "mean_absolute_error"]
        all_keys = keys + [f"val_{key}" for key in keys]

        def evaluation(batches):
            return ["Start testing; got log keys: []", *self.batches("Evaluating", batches, keys),
                    f"Stop testing; got log keys: {keys}"]

        expected = ["Starting training; got log keys: []", "Start epoch 0 of training; got log keys: []",
                    *self.batches("Training", 4, keys), *evaluation(4),
                    f"End epoch 0 of training; got log keys: {all_keys}", f"Stop training; got log keys: {all_keys}",
                    *evaluation(8), "Start predicting; got log keys: []",
                    *self.batches("Predicting", 8, ["outputs"]), "Stop predicting; got log keys: []"]
        self.assertEqual(self.output.splitlines()[:len(expected)], expected)

    def parts(self):
        """What follows the trace: two epochs and an evaluation, the run that stops early, the schedule."""
        text = self.output.split("Stop predicting; got log keys: []\n")[1]
        losses, schedule = text.split("\nEpoch 00000: Learning rate", 1)
        lines = losses.splitlines()
        return lines[:26], lines[26:], "\nEpoch 00000: Learning rate" + schedule

    def check_batches(self, lines, number):
        for batch, line in enumerate(lines[:number]):
            self.assertRegex(line, rf"^Up to batch {batch}, the average loss is [ \d]{{4,}}\.\d\d\.$")

    def epoch_loss(self, epoch, line):
        pattern = (rf"The average loss for epoch {epoch} is ([ \d]{{4,}}\.\d\d) "
                   r"and mean absolute error is [ \d]{4,}\.\d\d\.")
        self.assertRegex(line, f"^{pattern}$")
        return float(re.fullmatch(pattern, line)[1])

    def test_losses(self):
        lines = self.parts()[0]
        for epoch in range(2):
            self.check_batches(lines[9 * epoch:], 8)
            self.epoch_loss(epoch, lines[9 * epoch + 8])
        self.check_batches(lines[18:], 8)

    def test_early_stopping_at_the_first_epoch_that_is_no_better(self):
        lines = self.parts()[1]
        losses = []
        while lines[0].startswith("Up to batch"):
            self.check_batches(lines, 5)
            losses.append(self.epoch_loss(len(losses), lines[5]))
            lines = lines[6:]
        self.assertEqual(lines, ["Restoring model weights from the end of the best epoch.",
                                 f"Epoch {len(losses):05}: early stopping"])
        *better, last = numpy.diff(losses)  # of figures with two decimals
        self.assertLessEqual(max(better, default=0.0), 0.0)
        self.assertGreaterEqual(last, 0.0)

    def test_learning_rate_schedule(self):
        schedule = self.parts()[2]
        self.assertIn("\nEpoch 00003: Learning rate is 0.0500.\n", schedule)
        lines = schedule.split("\n")
        for epoch, rate in enumerate(self.RATES):
            empty, title, *batches = lines[8 * epoch:8 * epoch + 8]
            self.assertEqual((empty, title), ("", f"Epoch {epoch:05}: Learning rate is {rate:6.4f}."))
            self.check_batches(batches, 5)
            self.epoch_loss(epoch, batches[5])
        self.assertEqual(lines[8 * len(self.RATES):], [""])


class LoggingJob(system_test.SystemTest):
    """The same without programming: launch/jobs/logging.toml."""

    def test_every_logger_of_the_job_writes(self):
        directory = self.directory / "run"
        run("train", SOURCE / "launch" / "jobs" / "logging.toml", "--run-dir", directory, ranks=2)
        epochs = pandas.read_csv(directory / "epochs.csv")
        batches = pandas.read_csv(directory / "batches.csv")
        self.assertEqual(list(epochs), ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"])
        self.assertEqual(list(epochs["epoch"]), list(range(5)))
        self.assertEqual(batches["phase"].value_counts().to_dict(), {"train": 5 * 63, "validation": 5 * 13})
        header, *chosen = (directory / "chosen.csv").read_text(encoding="utf-8").splitlines()
        self.assertEqual(header, "Timestamp,Epoch,Loss,Accuracy,Learning Rate")
        for epoch, line in enumerate(chosen, start=1):
            self.assertRegex(line, f"^{STAMP},{epoch},{FIXED},{FIXED},0.002000$")
        lines = (directory / "log.jsonl").read_text(encoding="utf-8").splitlines()
        events = [json.loads(line)["event"] for line in lines]
        self.assertEqual({event: events.count(event) for event in set(events)},
                         {"train_begin": 1, "train_batch": 5 * 7, "epoch": 5, "train_end": 1})
        self.assertTrue((directory / "spikes.jsonl").exists())
        self.assertIn("norm of the gradient", (directory / "logs" / "rank-0000.log").read_text(encoding="utf-8"))
        train = read_events.read_runs(directory / "tensorboard")["train"]
        for tag in ("batch_loss", "hidden/kernel/histogram", "hidden/kernel/gradient", "hidden/kernel/image",
                    "inputs/3", "hidden/activations"):
            self.assertIn(tag, train)
        with h5py.File(directory / "run.h5") as file:
            for table in ("gradients/hidden/kernel/update_ratio", "histograms/hidden/kernel", "throughput", "confusion",
                          "gradient_histograms/digits/bias", "predictions/outputs", "activations/hidden"):
                self.assertIn(table, file)


if __name__ == "__main__":
    system_test.main()
