"""With `shards` set, a job ends with the same weights to the bit, and the same numbers in its log, on any ranks and nodes.

With LOCKSTEP_TEST_MNIST=1, and the files of MNIST in $LOCKSTEP_DATA/mnist, also for launch/jobs/mnist-mlp.toml."""

import os
import unittest

import system_test
from system_test import SOURCE, h5py, read_tables, run, settings

GLYPHS = (SOURCE / "tests" / "system" / "same_bits.toml", [])
CNN = (SOURCE / "tests" / "system" / "same_bits_cnn.toml", [])
MNIST = (SOURCE / "launch" / "jobs" / "mnist-mlp.toml",
         settings(data__train__first=59999, training__shards=4, training__batch_size=100,
                  training__optimizer__global_clipnorm=1.0, training__epochs=2))
CLOCKS = {"time", "duration"}


def arrays_of(checkpoint):
    """Weights and optimizer state of a checkpoint: the bytes of each array by its path."""
    arrays = {}
    with h5py.File(checkpoint, "r") as file:
        for group in ("weights", "optimizer"):
            file[group].visititems(lambda name, item, group=group: arrays.update(
                {f"{group}/{name}": item[:].tobytes()} if isinstance(item, h5py.Dataset) else {}))
    return arrays


def numbers_of(run_log):
    """What a run log says about training, clocks aside: the bytes of each column by its path."""
    tables = read_tables(run_log)
    return {f"{group}/{key}": tables[group][key].to_numpy().tobytes()
            for group in ("epochs", "train_batches", "val_batches") for key in tables[group] if key not in CLOCKS}


class SameBitsTest(system_test.SystemTest):
    def train(self, job, ranks, exchange):
        path, changes = job
        directory = self.directory / f"{ranks}-{exchange}"
        run("train", path, *changes, *settings(run__exchange=exchange), "--run-dir", directory, ranks=ranks,
            timeout=600)
        with h5py.File(directory / "run.h5", "r") as file:
            self.assertEqual(file.attrs["nodes"], 2 if isinstance(ranks, str) else 1)
            self.assertEqual(file.attrs["exchange"].decode(), exchange)
        return arrays_of(directory / "checkpoints" / "final.h5"), numbers_of(directory / "run.h5")

    def assert_same(self, job, layouts):
        """Every layout, a pair of ranks and exchange, must end like one rank."""
        weights, numbers = self.train(job, 1, "shared")
        self.assertGreaterEqual(len(weights), 4)
        self.assertIn("epochs/val_loss", numbers)
        for ranks, exchange in layouts:
            with self.subTest(ranks=ranks, exchange=exchange):
                other_weights, other_numbers = self.train(job, ranks, exchange)
                differing = [name for name in weights if weights[name] != other_weights.get(name)]
                differing += [name for name in numbers if numbers[name] != other_numbers.get(name)]
                print(f"{ranks} {exchange}: {len(weights)} arrays and {len(numbers)} columns, differing: {differing}")
                self.assertEqual(differing, [])
                self.assertEqual(weights.keys(), other_weights.keys())
                self.assertEqual(numbers.keys(), other_numbers.keys())

    def assert_same_on_one_node(self, job):
        self.assert_same(job, [(1, "private"), *((ranks, exchange) for ranks in (2, 4)
                                                 for exchange in ("shared", "private"))])

    def test_glyphs_on_one_node(self):
        self.assert_same_on_one_node(GLYPHS)

    def test_cnn_on_one_node(self):
        self.assert_same_on_one_node(CNN)

    def test_glyphs_on_two_nodes(self):
        self.assert_same(GLYPHS, [("2x2", "shared"), ("2x2", "private")])

    def test_cnn_on_two_nodes(self):
        self.assert_same(CNN, [("2x2", "shared")])

    @unittest.skipUnless("LOCKSTEP_TEST_MNIST" in os.environ, "takes minutes; LOCKSTEP_TEST_MNIST=1 asks for it")
    def test_mnist_on_one_node(self):
        self.assert_same_on_one_node(MNIST)

    @unittest.skipUnless("LOCKSTEP_TEST_MNIST" in os.environ, "takes minutes; LOCKSTEP_TEST_MNIST=1 asks for it")
    def test_mnist_on_two_nodes(self):
        self.assert_same(MNIST, [("2x2", "shared"), ("2x2", "private")])


if __name__ == "__main__":
    system_test.main()
