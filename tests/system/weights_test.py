"""Weights of classes and samples: a softmax regression trained by the program against one in numpy."""

import json

import system_test
from system_test import h5py, numpy, read_tables, run

SAMPLES, FEATURES, CLASSES, BATCH, EPOCHS, RATE = 53, 5, 3, 16, 3, 0.5
CLASS_WEIGHT = [2.0, 1.0, 0.0]

JOB = """
[data]
source = "hdf5"
train = {{ file = "data.h5", inputs = "/x", targets = "/{targets}", sample_weight = "/w" }}
validation = {{ file = "data.h5", inputs = "/v/x", targets = "/v/{targets}", sample_weight = "/v/w" }}

[model]
input = [{features}]
layers = [{{ type = "dense", units = {classes}, activation = "softmax", kernel_initializer = "zeros" }}]

[training]
loss = "{loss}"
metrics = ["accuracy"]
weighted_metrics = ["accuracy", "{loss}"]
class_weight = {{ 0 = 2.0, 2 = 0.0 }}
optimizer = {{ type = "sgd", learning_rate = {rate} }}
epochs = {epochs}
batch_size = {batch}
shuffle = false
"""


def draw(generator, samples):
    """Inputs, labels and weights of some samples; the weights of a few are 0."""
    x = generator.normal(size=(samples, FEATURES)).astype("float32")
    y = (x[:, 0] + 0.5 * generator.normal(size=samples) > 0).astype("int64") + (x[:, 1] > 0.5)
    return x, y, generator.integers(0, 5, samples).astype("float32") / 2


def write(group, x, y, w):
    for name, data in {"x": x, "labels": y, "rows": numpy.eye(CLASSES)[y], "w": w}.items():
        group.create_dataset(name, data=data)


class Regression:
    """In double precision."""

    def __init__(self):
        self.kernel, self.bias = numpy.zeros((FEATURES, CLASSES)), numpy.zeros(CLASSES)

    def probabilities(self, x):
        powers = numpy.exp(x.astype("float64") @ self.kernel + self.bias)
        return powers / powers.sum(axis=1, keepdims=True)

    def sums(self, x, y, weights):
        """What the logs are made of: samples, sum of weights, and sums of losses and of right answers."""
        p = self.probabilities(x)
        losses, right = -numpy.log(p[numpy.arange(len(y)), y]), p.argmax(axis=1) == y
        return numpy.array([len(y), weights.sum(), weights @ losses, right.sum(), weights @ right])

    def step(self, x, y, weights):
        error = weights[:, None] * (self.probabilities(x) - numpy.eye(CLASSES)[y]) / len(y)
        self.kernel -= RATE * x.T.astype("float64") @ error
        self.bias -= RATE * error.sum(axis=0)


def logs(sums, loss):
    samples, weight, losses, right, weighted_right = sums
    return {"loss": losses / samples, "accuracy": right / samples, "weighted_accuracy": weighted_right / weight,
            loss: losses / weight}


def train(training, validation, loss):
    """The regression, and what the log must say of each epoch."""
    model, epochs = Regression(), []
    x, y, w = training
    weights = w.astype("float64") * numpy.array(CLASS_WEIGHT)[y]
    for _ in range(EPOCHS):
        total = 0
        for first in range(0, SAMPLES, BATCH):
            batch = slice(first, first + BATCH)
            total = total + model.sums(x[batch], y[batch], weights[batch])
            model.step(x[batch], y[batch], weights[batch])
        after = logs(model.sums(*validation), loss)
        epochs.append({**logs(total, loss), **{f"val_{key}": value for key, value in after.items()}})
    return model, epochs


class WeightsTest(system_test.SystemTest):
    def setUp(self):
        super().setUp()
        generator = numpy.random.default_rng(11)
        self.training, self.validation = draw(generator, SAMPLES), draw(generator, 19)
        with h5py.File(self.directory / "data.h5", "w") as file:
            write(file, *self.training)
            write(file.create_group("v"), *self.validation)

    def check(self, loss, targets, ranks):
        job, directory = self.directory / f"{targets}.toml", self.directory / f"{targets}-{ranks}"
        job.write_text(JOB.format(loss=loss, targets=targets, features=FEATURES, classes=CLASSES, rate=RATE,
                                  epochs=EPOCHS, batch=BATCH), encoding="utf-8")
        run("train", job, "--run-dir", directory, ranks=ranks)
        model, epochs = train(self.training, self.validation, loss)
        table = read_tables(directory / "run.h5")["epochs"]
        for key in epochs[0]:
            expected = [epoch[key] for epoch in epochs]
            numpy.testing.assert_allclose(table[key], expected, rtol=2e-6, err_msg=key)
        with h5py.File(directory / "checkpoints" / "final.h5", "r") as file:
            numpy.testing.assert_allclose(file["weights/dense/kernel"][:], model.kernel, rtol=0, atol=2e-6)
            numpy.testing.assert_allclose(file["weights/dense/bias"][:], model.bias, rtol=0, atol=2e-6)
        found = json.loads(run("evaluate", directory, "--json", ranks=ranks).stdout)
        for key, value in logs(model.sums(*self.validation), loss).items():
            self.assertAlmostEqual(found[key], value, places=5, msg=key)
        fresh = json.loads(run("evaluate", job, "--weights", directory / "checkpoints" / "final.h5", "--json").stdout)
        self.assertEqual(set(found), set(fresh))
        self.assertAlmostEqual(fresh["weighted_accuracy"], found["weighted_accuracy"])

    def test_numbers_of_classes(self):
        for ranks in (1, 2, 3, 4):
            with self.subTest(ranks=ranks):
                self.check("sparse_categorical_crossentropy", "labels", ranks)

    def test_rows_of_classes(self):
        self.check("categorical_crossentropy", "rows", 2)


if __name__ == "__main__":
    system_test.main()
