"""Models of launch/jobs learn, on one rank and on two to the same bits; callbacks see what is inside of layers."""

import os
import unittest

import system_test
from system_test import SOURCE, h5py, read_tables, run, settings

JOBS = SOURCE / "launch" / "jobs"
SYNTHETIC = {"train__samples": 512, "validation__samples": 128}
FILES = {"train__first": 256, "validation__first": 64}
SIZES = {  # of the data, and what else makes it quick
    "lenet5-mnist": (FILES, {}),
    "mnist-cnn": (FILES, {}),
    "cifar10-cnn": (FILES, {}),
    "resnet20-cifar10": (FILES, {"batch_size": 64}),
    "lstm-sequence": (SYNTHETIC, {}),
    "transformer-encoder": (SYNTHETIC, {}),
    "regression-mlp": (SYNTHETIC, {}),
}
HAS_FILES = "LOCKSTEP_DATA" in os.environ
LOGGERS = """[{ type = "gradient_norm_logger" }, { type = "histogram_logger" },
 { type = "activation_logger", layers = ["attention"] }, { type = "tensorboard", histogram_freq = 1 }]"""


def weights_of(directory):
    """Weights of the last checkpoint: the bytes of each by its path."""
    arrays = {}
    with h5py.File(directory / "checkpoints" / "final.h5", "r") as file:
        file["weights"].visititems(
            lambda name, item: arrays.update({name: item[:].tobytes()} if isinstance(item, h5py.Dataset) else {}))
    return arrays


class ModelZooTest(system_test.SystemTest):
    def train(self, job, ranks, **values):
        """Three short epochs: the run directory."""
        directory = self.directory / f"{job}-{ranks}"
        run("train", JOBS / f"{job}.toml", "--run-dir", directory, *settings(training__epochs=3, **values), ranks=ranks,
            timeout=100)
        return directory

    def check(self, job):
        data, training = SIZES[job]
        values = {**{f"data__{key}": value for key, value in data.items()},
                  **{f"training__{key}": value for key, value in training.items()}}
        one, two = (self.train(job, ranks, **values) for ranks in (1, 2))
        losses = read_tables(one / "run.h5")["epochs"]["loss"]
        print(job, losses.tolist())
        self.assertLess(losses.iloc[-1], losses.iloc[0])
        weights = weights_of(one)
        self.assertGreater(len(weights), 3)
        self.assertEqual(weights, weights_of(two))
        self.assertEqual(losses.tolist(), read_tables(two / "run.h5")["epochs"]["loss"].tolist())

    @unittest.skipUnless(HAS_FILES, "LOCKSTEP_DATA names no directory with mnist")
    def test_lenet5(self):
        self.check("lenet5-mnist")

    @unittest.skipUnless(HAS_FILES, "LOCKSTEP_DATA names no directory with mnist")
    def test_mnist_cnn(self):
        self.check("mnist-cnn")

    @unittest.skipUnless(HAS_FILES, "LOCKSTEP_DATA names no directory with cifar10")
    def test_cifar10_cnn(self):
        self.check("cifar10-cnn")

    @unittest.skipUnless(HAS_FILES, "LOCKSTEP_DATA names no directory with cifar10")
    def test_resnet20(self):
        self.check("resnet20-cifar10")

    def test_lstm(self):
        self.check("lstm-sequence")

    def test_transformer(self):
        self.check("transformer-encoder")

    def test_regression(self):
        self.check("regression-mlp")

    def test_callbacks_see_the_weights_inside(self):
        directory = self.train("transformer-encoder", 2, callbacks=LOGGERS,
                               **{f"data__{key}": value for key, value in SYNTHETIC.items()})
        kernel = "attention/multi_head_attention/query_kernel"
        self.assertIn(kernel, weights_of(directory))
        tables = read_tables(directory / "run.h5")
        self.assertTrue((tables[f"gradients/{kernel}"]["norm"] > 0).all())
        with h5py.File(directory / "run.h5", "r") as file:
            self.assertIn(f"histograms/{kernel}", file)
            self.assertEqual(file["activations/attention/values"].shape[2:], (20, 32))

    def test_the_summary_shows_what_is_inside(self):
        text = run("summary", JOBS / "transformer-encoder.toml", "--ranks", 2).stdout
        self.assertIn("\n  multi_head_attention (multi_head_attention) ", text)
        self.assertIn("Memory with 2 ranks per node, 32 samples of a batch each", text)


if __name__ == "__main__":
    system_test.main()
