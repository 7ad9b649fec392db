"""model_checkpoint and early_stopping in either order of the list, interrupted and resumed: the same training as without."""

import system_test
from system_test import SOURCE, h5py, numpy, read_tables, run, settings

JOB = SOURCE / "tests" / "system" / "all_callbacks.toml"
SHAKY = settings(training__optimizer__learning_rate=1.0, data__train__samples=400)  # so that some epochs are worse
EPOCHS = 12
CALLBACKS = {"checkpoint": '{ type = "model_checkpoint" }',
             "stopping": '{ type = "early_stopping", patience = 2, restore_best_weights = true }'}
ORDERS = [("checkpoint", "stopping"), ("stopping", "checkpoint")]
WEIGHTS = ["hidden/kernel", "hidden/bias", "digits/kernel", "digits/bias"]


class ResumeOrderTest(system_test.SystemTest):
    def setUp(self):
        super().setUp()
        self.uninterrupted = self.directory / "uninterrupted"
        self.train(self.uninterrupted, ORDERS[0], EPOCHS)
        losses = read_tables(self.uninterrupted / "run.h5")["epochs"]["val_loss"]
        self.best = int(losses.idxmin()) + 1
        self.assertEqual(len(losses), self.best + 2, "it stops two epochs after the best")
        self.assertLess(len(losses), EPOCHS)
        self.waits = [epoch + 1 for epoch in losses.index[:-1] if losses[epoch] > losses[:epoch + 1].min()]
        self.assertEqual(self.waits[-1], self.best + 1)
        self.assertGreater(len(self.waits), 1, "no epoch but the last ones is worse than one before")

    def train(self, directory, order, epochs):
        listed = ", ".join(CALLBACKS[name] for name in order)
        run("train", JOB, "--run-dir", directory, *SHAKY, "--set", f"callbacks=[{listed}]",
            *settings(training__epochs=epochs), ranks=2)

    def weights(self, directory, name):
        with h5py.File(directory / "checkpoints" / name, "r") as file:
            return {weight: file["weights"][weight][:].tobytes() for weight in WEIGHTS}

    def assert_same_training(self, directory):
        expected = read_tables(self.uninterrupted / "run.h5")["epochs"].drop(columns=["time", "duration"])
        numpy.testing.assert_array_equal(read_tables(directory / "run.h5")["epochs"][list(expected)], expected)
        best = self.weights(self.uninterrupted, f"epoch-{self.best:04d}.h5")
        self.assertEqual(self.weights(directory, f"epoch-{self.best:04d}.h5"), best)
        self.assertEqual(self.weights(directory, "final.h5"), best)

    def test_the_order_changes_nothing(self):
        for order in ORDERS:
            with self.subTest(order=order):
                directory = self.directory / "-".join(order)
                self.train(directory, order, EPOCHS)
                self.assert_same_training(directory)

    def interrupt_and_resume(self, order, after, remove_final):
        """Trains `after` epochs, the last of which was worse than one before, and then the others."""
        directory = self.directory / f"{'-'.join(order)}-{after}"
        self.train(directory, order, after)
        if remove_final:
            (directory / "checkpoints" / "final.h5").unlink()
        run("train", "--resume", directory, *settings(training__epochs=EPOCHS), ranks=2)
        self.assert_same_training(directory)

    def test_a_resume_from_the_checkpoint_of_an_epoch(self):
        """As after a kill: the run has no final weights."""
        for order in ORDERS:
            for after in self.waits:
                with self.subTest(order=order, after=after):
                    self.interrupt_and_resume(order, after, remove_final=True)

    def test_a_resume_of_a_finished_run_for_more_epochs(self):
        """The end put back the best weights; the epochs that follow go on from the last ones."""
        for order in ORDERS:
            for after in self.waits:
                with self.subTest(order=order, after=after):
                    self.interrupt_and_resume(order, after, remove_final=False)


if __name__ == "__main__":
    system_test.main()
