"""TensorBoard's files from outside: every checksum, tag, step, histogram and pixel of what the callback's own test writes.

    python3 tensorboard_files_test.py DIR             reads what is in DIR
    python3 tensorboard_files_test.py DIR PROGRAM     has it written first by PROGRAM, the GoogleTest program of the callbacks"""

import os
import shutil
import subprocess
import sys
import time
import unittest

import read_events
from read_events import crc32c

DIRECTORY = ""


def write_files(directory, program):
    shutil.rmtree(os.path.join(directory, "logs"), ignore_errors=True)
    os.makedirs(directory, exist_ok=True)
    subprocess.run([program, "--gtest_filter=TensorBoardTest.FilesForOtherReaders"], check=True, timeout=60,
                   env={**os.environ, "LOCKSTEP_TENSORBOARD_DIR": os.path.abspath(directory)})


class TensorBoardFilesTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.runs = read_events.read_runs(os.path.join(DIRECTORY, "logs"))
        cls.train = cls.runs["train"]

    def curve(self, run, tag):
        return {entry["step"]: entry["value"] for entry in self.runs[run][tag]}

    def test_the_checksum_is_crc32c(self):
        self.assertEqual(crc32c(b"123456789"), 0xE3069283)  # the check value of its definition
        self.assertEqual(crc32c(bytes(32)), 0x8A9136AA)  # RFC 3720, B.4

    def test_tags(self):
        self.assertEqual(set(self.runs), {"train", "validation"})
        weights = {f"dense/{weight}/{kind}" for weight in ("kernel", "bias") for kind in ("histogram", "gradient", "image")}
        self.assertEqual(set(self.train), weights | {
            "model", "inputs/0", "inputs/1", "dense/activations", "epoch_loss", "epoch_learning_rate", "batch_loss",
            "mine/scalar", "mine/histogram", "mine/histogram_non_finite", "mine/image", "mine/text"})
        self.assertEqual(set(self.runs["validation"]), {"epoch_loss", "evaluation_loss_vs_iterations"})

    def test_curves(self):
        self.assertEqual(self.curve("train", "epoch_loss"), {0: 1, 1: 0.5, 2: 0.25})
        self.assertEqual(self.curve("validation", "epoch_loss"), {0: 2, 1: 1, 2: 0.5})
        self.assertEqual(self.curve("validation", "evaluation_loss_vs_iterations"), {1: 2, 3: 1, 5: 0.5})
        self.assertEqual(self.curve("train", "batch_loss"), {step: step / 8 for step in range(6)})
        self.assertEqual(self.curve("train", "epoch_learning_rate"), {epoch: 0.125 for epoch in range(3)})
        self.assertEqual(self.curve("train", "mine/scalar"), {-1: -2.5})

    def test_no_curve_overlaps_itself(self):
        for run, tags in self.runs.items():
            for tag, entries in tags.items():
                steps = [entry["step"] for entry in entries]
                self.assertEqual(steps, sorted(set(steps)), f"{run}: {tag}")
                times = [entry["time"] for entry in entries]
                self.assertEqual(times, sorted(times), f"{run}: {tag}")
                self.assertLess(abs(times[0] - time.time()), 86400 * 365)

    def test_histograms(self):
        entries = self.train["dense/kernel/histogram"]
        self.assertEqual([entry["step"] for entry in entries], [0, 1, 2])
        for entry in entries:
            histogram = entry["histogram"]  # of six zeros and two ones
            self.assertEqual(histogram["counts"], [6] + 28 * [0] + [2])
            self.assertEqual(histogram["limits"][-1], 1)
            for bin_number, limit in enumerate(histogram["limits"], start=1):
                self.assertAlmostEqual(limit, bin_number / 30)
            self.assertEqual([histogram[key] for key in ("min", "max", "num", "sum", "sum_squares")], [0, 1, 8, 2, 2])
        constant = self.train["dense/bias/histogram"][0]["histogram"]
        self.assertEqual((constant["limits"], constant["counts"]), ([0], [2]))
        mine = self.train["mine/histogram"][0]["histogram"]
        self.assertEqual((mine["min"], mine["max"], mine["num"]), (-1, 3, 2))
        self.assertEqual(self.curve("train", "mine/histogram_non_finite"), {0: 1})

    def test_gradients(self):
        maxima = {entry["step"]: entry["histogram"]["max"] for entry in self.train["dense/kernel/gradient"]}
        self.assertEqual(maxima, {0: 1, 1: 3, 2: 5})  # the number of the epoch's last step

    def test_images(self):
        def rows(tag):
            return [entry["image"]["rows"] for entry in self.train[tag]]

        self.assertEqual(rows("inputs/0"), [[[0, 85], [170, 255]]])
        self.assertEqual(rows("inputs/1"), [[[255, 170], [85, 0]]])
        self.assertEqual(rows("dense/kernel/image"), 3 * [[[255, 0, 0, 0], [0, 0, 0, 255]]])
        self.assertEqual(rows("dense/bias/image"), 3 * [[[0, 0]]])
        self.assertEqual(rows("dense/activations"), 3 * [[[0, 255]]])
        self.assertEqual(rows("mine/image"), [[[255, 0, 0, 0, 255, 0]]])
        self.assertEqual(self.train["mine/image"][0]["image"]["channels"], 3)

    def test_texts(self):
        self.assertEqual([entry["text"] for entry in self.train["mine/text"]], ["**done** äöü"])
        self.assertEqual(len(self.train["model"]), 1)
        for line in self.train["model"][0]["text"].splitlines():
            self.assertTrue(line.startswith("    "), line)
        self.assertIn("dense", self.train["model"][0]["text"])


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    DIRECTORY = sys.argv[1]
    if len(sys.argv) == 3:
        write_files(*sys.argv[1:])
    unittest.main(argv=sys.argv[:1])
