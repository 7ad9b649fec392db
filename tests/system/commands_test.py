"""The commands around a run: what they print, write, and say to bad input."""

import json

import system_test
from system_test import GLYPHS, SOURCE, h5py, numpy, read_tables, run, settings

JOB = SOURCE / "tests" / "system" / "same_bits.toml"
SAMPLES = 333  # of validation in the job, which has no test data

BAD_INPUT = [  # arguments, exit code, what the message must hold
    (["train", "missing.toml"], 2, "missing.toml: no such file"),
    (["train", GLYPHS, *settings(training__epoch=3)], 2, 'did you mean "epochs"'),
    (["train", GLYPHS, *settings(training__optimizer__type="adm")], 2, 'did you mean "adam"'),
    (["train", GLYPHS, *settings(training__epochs="two")], 2, "training.epochs"),
    (["train", GLYPHS, "--resume", "auto"], 2, "--run-dir"),
    (["evaluate", "nowhere"], 2, "nowhere"),
    (["check", GLYPHS, *settings(training__class_weight="{ 10 = 2.0 }")], 2, "expected classes from 0 to 9"),
    (["inspect", GLYPHS], 3, "expected an HDF5 file"),
    (["list", "layers", "dens"], 2, 'did you mean "dense"'),
]


class CommandsTest(system_test.SystemTest):
    def train(self, name="run", *arguments, ranks=2):
        directory = self.directory / name
        run("train", JOB, "--run-dir", directory, *arguments, ranks=ranks)
        return directory

    def test_evaluate_finds_what_training_found(self):
        directory = self.train()
        last = read_tables(directory / "run.h5")["epochs"].iloc[-1]
        for ranks in (None, 2):
            found = json.loads(run("evaluate", directory, "--json", ranks=ranks).stdout)
            self.assertEqual(found["samples"], SAMPLES)
            self.assertEqual((found["loss"], found["accuracy"]), (last["val_loss"], last["val_accuracy"]))

    def test_predict_writes_the_outputs_in_order(self):
        directory = self.train()
        predictions = []
        for ranks in (1, 2):
            path = self.directory / f"{ranks}.h5"
            run("predict", directory, "--data", f"{{ samples = {SAMPLES} }}", "--output", path, ranks=ranks)
            with h5py.File(path, "r") as file:
                predictions.append(file["predictions"][:])
                numpy.testing.assert_array_equal(file["index"][:], numpy.arange(SAMPLES))
                right = numpy.mean(file["predictions"][:].argmax(axis=1) == file["targets"][:, 0])
        self.assertEqual(predictions[0].tobytes(), predictions[1].tobytes())
        numpy.testing.assert_allclose(predictions[0].sum(axis=1), 1, rtol=1e-5)
        found = run("evaluate", directory, "--json", "--data", f"{{ samples = {SAMPLES} }}").stdout
        self.assertAlmostEqual(json.loads(found)["accuracy"], right)

    def test_a_resumed_run_is_the_run_that_was_never_interrupted(self):
        whole = self.train("whole")
        parts = self.train("parts", *settings(training__epochs=1), ranks=4)
        run("train", "--resume", parts, *settings(training__epochs=2))
        for name in ("epochs", "train_batches"):
            one, other = (read_tables(directory / "run.h5")[name] for directory in (whole, parts))
            for key in set(one) - {"time", "duration"}:
                self.assertEqual(one[key].tolist(), other[key].tolist(), key)
        again = run("train", "--resume", parts)
        self.assertIn("finished", again.stderr)

    def test_a_run_is_never_overwritten_by_accident(self):
        directory = self.train()
        refused = run("train", JOB, "--run-dir", directory, code=2)
        self.assertIn("--overwrite", refused.stderr)
        run("train", JOB, "--run-dir", directory, "--overwrite", *settings(training__epochs=1))
        self.assertEqual(len(read_tables(directory / "run.h5")["epochs"]), 1)

    def test_a_job_can_be_looked_over_first(self):
        self.assertIn("101,770", run("summary", GLYPHS).stdout)
        self.assertIn("is sound", run("check", GLYPHS).stdout)
        self.assertIn("MPI", run("doctor").stdout)
        for kind in ("layers", "losses", "metrics", "optimizers", "schedules", "initializers", "regularizers",
                     "constraints", "activations", "callbacks", "sources", "augmentations"):
            self.assertTrue(run("list", kind).stdout)

    def test_bad_input_gets_one_clear_message(self):
        for arguments, code, message in BAD_INPUT:
            with self.subTest(arguments=arguments):
                self.assertIn(message, run(*arguments, code=code).stderr)

    def test_ranks_that_cannot_share_the_work_are_told_which_can(self):
        self.assertIn("1, 2, 4", run("train", JOB, ranks=3, code=2).stderr)


if __name__ == "__main__":
    system_test.main()
