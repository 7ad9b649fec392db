"""The synthetic digits ask for a network: a linear model stays below 93 % on them, one hidden layer reaches 97 %."""


import system_test
from system_test import GLYPHS, read_tables, run, settings

LINEAR = '[{ type = "flatten" }, { type = "dense", units = 10, activation = "softmax" }]'


class GlyphsAccuracyTest(system_test.SystemTest):
    def accuracies(self, **values):
        """Validation accuracy of each epoch of the job, with `values` set, on two ranks."""
        directory = self.directory / "run"
        run("train", GLYPHS, "--run-dir", directory, *settings(**values), ranks=2)
        accuracies = read_tables(directory / "run.h5")["epochs"]["val_accuracy"].tolist()
        print(", ".join(f"{accuracy:.4f}" for accuracy in accuracies))
        return accuracies

    def test_a_linear_model_does_not_suffice(self):
        accuracies = self.accuracies(model__layers=LINEAR, training__epochs=12)
        self.assertLess(max(accuracies), 0.93)
        self.assertGreater(max(accuracies), 0.70)

    def test_one_hidden_layer_does(self):
        self.assertGreaterEqual(self.accuracies()[-1], 0.97)


if __name__ == "__main__":
    system_test.main()
