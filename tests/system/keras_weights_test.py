"""Weights to Keras and back: the layout of our files, and what becomes of files in Keras' layout."""

import json

import keras_file
import keras_forward as forward
import system_test
from system_test import SOURCE, h5py, numpy, read_tables, run, settings

JOB = """
[run]
directory = "{directory}/runs"
[data]
source = "hdf5"
train = {{ file = "data.h5", inputs = "/x", targets = "/y" }}
test = {{ file = "data.h5", inputs = "/x", targets = "/y" }}
[model]
input = {input}
layers = [{layers}]
[training]
loss = "mean_squared_error"
optimizer = {{ type = "sgd", learning_rate = 0.01 }}
epochs = 1
batch_size = 16
shards = 2
"""
SAMPLES = 40
CLASSIFIER = SOURCE / "tests" / "system" / "same_bits.toml"  # without test data: its validation data are evaluated

# Networks with all layers that have weights in both. Of each layer: what a job file says, its name there, its group in
# Keras' file, and its weights by the place in that group.
PLAIN = {"vars/0": "kernel", "vars/1": "bias"}
NORMAL = {"vars/0": "gamma", "vars/1": "beta"}
CELL = {"cell/vars/0": "kernel", "cell/vars/1": "recurrent_kernel", "cell/vars/2": "bias"}
ATTENTION = {f"{part}_dense/vars/{number}": f"{part}_{weight}" for part in ("query", "key", "value", "output")
             for number, weight in enumerate(("kernel", "bias"))}
IMAGES = [9, 8, 2], [
    ('type = "conv2d", filters = 4, kernel_size = 3', "conv2d", "conv2d", PLAIN),
    ('type = "batch_normalization", name = "bn"', "bn", "batch_normalization",
     {**NORMAL, "vars/2": "moving_mean", "vars/3": "moving_variance"}),
    ('type = "relu"', "relu", "re_lu", {}),
    ('type = "depthwise_conv2d", kernel_size = 2, depth_multiplier = 2', "depthwise_conv2d", "depthwise_conv2d", PLAIN),
    ('type = "prelu", shared_axes = [1, 2]', "prelu", "p_re_lu", {"vars/0": "alpha"}),
    ('type = "conv2d", filters = 3, kernel_size = 2, use_bias = false', "conv2d_1", "conv2d_1", {"vars/0": "kernel"}),
    ('type = "conv2d_transpose", filters = 4, kernel_size = 2', "conv2d_transpose", "conv2d_transpose", PLAIN),
    ('type = "group_normalization", groups = 2', "group_normalization", "group_normalization", NORMAL),
    ('type = "batch_normalization", scale = false', "batch_normalization", "batch_normalization_1",
     {"vars/0": "beta", "vars/1": "moving_mean", "vars/2": "moving_variance"}),
    ('type = "flatten"', "flatten", "flatten", {}),
    ('type = "dense", units = 6, name = "conv2d_9"', "conv2d_9", "dense", PLAIN),
    ('type = "leaky_relu"', "leaky_relu", "leaky_re_lu", {}),
    ('type = "dropout", rate = 0.5', "dropout", "dropout", {}),
    ('type = "dense", units = 2', "dense", "dense_1", PLAIN),
]
SEQUENCES = [6], [
    ('type = "embedding", input_dim = 11, output_dim = 4', "embedding", "embedding", {"vars/0": "embeddings"}),
    ('type = "conv1d", filters = 3, kernel_size = 2, padding = "same"', "conv1d", "conv1d", PLAIN),
    ('type = "layer_normalization"', "layer_normalization", "layer_normalization", NORMAL),
    ('type = "lstm", units = 3, return_sequences = true', "lstm", "lstm", CELL),
    ('type = "gru", units = 2, return_sequences = true', "gru", "gru", CELL),
    ('type = "multi_head_attention", num_heads = 2, key_dim = 3', "multi_head_attention", "multi_head_attention",
     ATTENTION),
    ('type = "simple_rnn", units = 3, use_bias = false', "simple_rnn", "simple_rnn",
     {"cell/vars/0": "kernel", "cell/vars/1": "recurrent_kernel"}),
    ('type = "dense", units = 2', "dense", "dense", PLAIN),
]
VOLUMES = [3, 4, 2, 2], [
    ('type = "conv3d", filters = 2, kernel_size = 2', "conv3d", "conv3d", PLAIN),
    ('type = "flatten"', "flatten", "flatten", {}),
    ('type = "dense", units = 2', "dense", "dense", PLAIN),
]


class Drawn:
    """Numbers from one stream."""

    def __init__(self, seed=5):
        self.stream = numpy.random.default_rng(seed)

    def __call__(self, *shape):
        return self.stream.normal(scale=0.6, size=shape).astype(numpy.float32)

    def positive(self, *shape):
        return self.stream.uniform(0.5, 2, size=shape).astype(numpy.float32)

    def integers(self, limit, *shape):
        return self.stream.integers(limit, size=shape).astype(numpy.float32)


def attention_weights(draw, features, heads, size):
    parts = {f"{part}_dense": [draw(features, heads, size), draw(heads, size)] for part in ("query", "key", "value")}
    return {**parts, "output_dense": [draw(heads, size, features), draw(features)]}


def one_layer_cases():
    """(what a job file says, inputs, Keras' class, its variables by attribute, function of x and the variables)."""
    draw = Drawn()
    image, times = draw(SAMPLES, 5, 4, 4), draw(SAMPLES, 5, 3)
    yield 'type = "dense", units = 3', draw(SAMPLES, 7), "Dense", {"": [draw(7, 3), draw(3)]}, forward.dense
    yield ('type = "conv1d", filters = 4, kernel_size = 2', times, "Conv1D", {"": [draw(2, 3, 4), draw(4)]},
           forward.convolution)
    yield ('type = "conv2d", filters = 3, kernel_size = [2, 3]', image, "Conv2D", {"": [draw(2, 3, 4, 3), draw(3)]},
           forward.convolution)
    yield ('type = "conv3d", filters = 3, kernel_size = [1, 2, 3]', draw(SAMPLES, 2, 3, 4, 2), "Conv3D",
           {"": [draw(1, 2, 3, 2, 3), draw(3)]}, forward.convolution)
    yield ('type = "depthwise_conv2d", kernel_size = [2, 3], depth_multiplier = 2', image, "DepthwiseConv2D",
           {"": [draw(2, 3, 4, 2), draw(8)]}, forward.depthwise_conv2d)
    yield ('type = "conv2d_transpose", filters = 3, kernel_size = [2, 3], strides = 2', image, "Conv2DTranspose",
           {"": [draw(2, 3, 3, 4), draw(3)]}, forward.conv2d_transpose)
    yield ('type = "batch_normalization"', image, "BatchNormalization",
           {"": [draw(4), draw(4), draw(4), draw.positive(4)]}, forward.batch_normalization)
    for keys, shape in (("", (4,)), (', axis = "none"', ())):
        yield (f'type = "normalization"{keys}', image, "Normalization",
               {"": [draw(*shape), draw.positive(*shape), numpy.int32(0)]}, forward.normalization)
    yield ('type = "layer_normalization"', times, "LayerNormalization", {"": [draw(3), draw(3)]},
           forward.layer_normalization)
    yield ('type = "group_normalization", groups = 2', image, "GroupNormalization", {"": [draw(4), draw(4)]},
           forward.group_normalization)
    yield ('type = "embedding", input_dim = 9, output_dim = 3', draw.integers(9, SAMPLES, 4), "Embedding",
           {"": [draw(9, 3)]}, forward.embedding)
    yield 'type = "prelu", shared_axes = [1]', image, "PReLU", {"": [draw(1, 4, 4)]}, forward.prelu
    for kind, name, gates, bias, function in [("simple_rnn", "SimpleRNN", 1, (4,), forward.simple_rnn),
                                              ("lstm", "LSTM", 4, (16,), forward.lstm),
                                              ("gru", "GRU", 3, (2, 12), forward.gru)]:
        yield (f'type = "{kind}", units = 4', times, name,
               {"": [], "cell": [draw(3, 4 * gates), draw(4, 4 * gates), draw(*bias)]}, function)
    for earlier in ("", "_"):  # without the attributes' later names
        parts = {earlier + part: variables for part, variables in attention_weights(draw, 3, 2, 4).items()}
        yield ('type = "multi_head_attention", num_heads = 2, key_dim = 4', times, "MultiHeadAttention", parts,
               lambda x, *variables: forward.multi_head_attention(x, *zip(variables[::2], variables[1::2])))


def double(values):
    return numpy.asarray(values, dtype=numpy.float64)


class KerasWeightsTest(system_test.SystemTest):
    def write_job(self, inputs, layers, x, y=None):
        """A job of these layers, and its data."""
        with h5py.File(self.directory / "data.h5", "w") as file:
            file["x"] = x
            file["y"] = numpy.zeros((len(x), 2), numpy.float32) if y is None else y
        text = JOB.format(directory=self.directory, input=list(inputs),
                          layers=", ".join(f"{{ {layer} }}" for layer in layers))
        job = self.directory / "job.toml"
        job.write_text(text, encoding="utf-8")
        return job

    def predict(self, target, *arguments, ranks=None):
        output = self.directory / "predictions.h5"
        data = f'{{ file = "{self.directory}/data.h5", inputs = "/x" }}'
        run("predict", target, *arguments, "--data", data, "--output", output, ranks=ranks)
        with h5py.File(output, "r") as file:
            return file["predictions"][:]

    def export(self, target, name="out.weights.h5"):
        run("export", target, "--to", "keras", "--output", self.directory / name)
        return self.directory / name

    def check_export(self, network, x):
        inputs, layers = network
        job = self.write_job(inputs, [layer for layer, *_ in layers], x)
        run("train", job, "--run-dir", self.directory / "run")
        variables, names = keras_file.read(self.export(self.directory / "run"))
        with h5py.File(self.directory / "run" / "checkpoints" / "final.h5", "r") as checkpoint:
            expected = {f"layers/{group}/{place}": checkpoint[f"weights/{name}/{weight}"][()]
                        for _, name, group, weights in layers for place, weight in weights.items()}
        self.assertEqual(sorted(variables), sorted(expected))
        for place, value in expected.items():
            self.assertEqual(variables[place].dtype, numpy.float32)
            numpy.testing.assert_array_equal(variables[place], value, place)
        self.assertEqual(names["vars"], "sequential")
        for _, name, group, _ in layers:
            self.assertEqual(names[f"layers/{group}/vars"], name)
        return job

    def test_an_exported_file_has_keras_layout(self):
        draw = Drawn()
        self.check_export(VOLUMES, draw(SAMPLES, *VOLUMES[0]))

    def test_images(self):
        self.check_export(IMAGES, Drawn()(SAMPLES, *IMAGES[0]))

    def test_sequences(self):
        self.check_export(SEQUENCES, Drawn().integers(11, SAMPLES, *SEQUENCES[0]))

    def test_a_normalization_is_adapted_to_the_training_data(self):
        x = (5 + 3 * Drawn()(SAMPLES, 4, 2)).astype(numpy.float32)
        for keys, axes in (("", (0, 1)), (', axis = "none"', None)):
            job = self.write_job([4, 2], [f'type = "normalization"{keys}', 'type = "flatten"', 'type = "dense", units = 2'], x)
            found = []
            for ranks in (None, 2):
                directory = self.directory / f"run-{ranks}{len(keys)}"
                run("train", job, "--run-dir", directory, ranks=ranks)
                found.append(keras_file.read(self.export(directory, f"{directory.name}.weights.h5"))[0])
            one, two = ({place: value.tobytes() for place, value in variables.items()} for variables in found)
            self.assertEqual(one, two)
            mean, variance, count = (found[0][f"layers/normalization/vars/{number}"] for number in range(3))
            numpy.testing.assert_allclose(mean, double(x).mean(axis=axes), rtol=1e-6)
            numpy.testing.assert_allclose(variance, double(x).var(axis=axes), rtol=1e-6)
            self.assertEqual((mean.shape, variance.shape), 2 * (double(x).mean(axis=axes).shape,))
            self.assertEqual((count.shape, count), ((), 0))

    def test_a_file_of_keras_computes_what_keras_would(self):
        for layer, x, kind, parts, function in one_layer_cases():
            with self.subTest(layer=layer, parts=list(parts)):
                job = self.write_job(x.shape[1:], [layer], x)
                weights = self.directory / "keras.weights.h5"
                keras_file.write(weights, [(kind, parts)])
                found = self.predict(job, "--weights", weights)
                expected = function(double(x), *(double(value) for part in parts.values() for value in part))
                numpy.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)

    def test_a_whole_network_of_keras(self):
        draw = Drawn()
        x, y = draw(SAMPLES, 6, 3), draw(SAMPLES, 2)
        cells = [[draw(3, 16), draw(4, 16), draw(16)], [draw(4, 6), draw(6), draw(6, 2), draw(2)]]
        first, second = cells[1][:2], cells[1][2:]
        layers = [("LSTM", {"": [], "cell": cells[0]}), ("Dense", {"": first}),
                  ("Dropout", {"": [], "seed_generator": [numpy.array([3, 4], numpy.uint32)]}),
                  ("Dense", {"": second})]
        weights = self.directory / "keras.weights.h5"
        keras_file.write(weights, layers, optimizer=[numpy.int64(9), numpy.float32(0.1), draw(3, 16)])
        job = self.write_job([6, 3], ['type = "lstm", units = 4', 'type = "dense", units = 6, activation = "tanh"',
                                      'type = "dropout", rate = 0.5', 'type = "dense", units = 2'], x, y)
        state = forward.lstm(double(x), *map(double, cells[0]))
        expected = forward.dense(numpy.tanh(forward.dense(state, *map(double, first))), *map(double, second))
        for ranks in (None, 2):
            found = json.loads(run("evaluate", job, "--weights", weights, "--json", ranks=ranks).stdout)
            self.assertAlmostEqual(found["loss"], numpy.mean((expected - y) ** 2), places=5)
        job.write_text(job.read_text(encoding="utf-8").replace("[model]", '[model]\nweights = "keras.weights.h5"'),
                       encoding="utf-8")
        numpy.testing.assert_allclose(self.predict(job, ranks=2), expected, rtol=1e-5, atol=1e-5)
        self.assertIn("keras.weights.h5", run("check", job).stdout)

    def test_weights_that_go_out_and_come_back_are_the_same_bits(self):
        trained = self.directory / "trained"
        run("train", CLASSIFIER, "--run-dir", trained, *settings(training__epochs=1), ranks=2)
        found = json.loads(run("evaluate", trained, "--json").stdout)
        weights = self.export(trained)
        for target in (CLASSIFIER, trained):
            again = json.loads(run("evaluate", target, "--weights", weights, "--json").stdout)
            self.assertEqual(again["loss"], found["loss"])
            self.assertEqual(again["checkpoint"], str(weights))
        for source in (weights, trained / "checkpoints" / "final.h5"):
            still = self.directory / f"still-{source.stem}"  # at a rate that changes no weight
            run("train", CLASSIFIER, "--run-dir", still, "--weights", source, ranks=2,
                *settings(training__epochs=1, training__optimizer='{ type = "sgd", learning_rate = 1e-30 }'))
            self.assertEqual(read_tables(still / "run.h5")["epochs"]["val_loss"].iloc[-1], found["loss"])
            one, other = (keras_file.read(file)[0] for file in (weights, self.export(still, "again.weights.h5")))
            self.assertEqual({place: value.tobytes() for place, value in one.items()},
                             {place: value.tobytes() for place, value in other.items()})

    def test_scaled_data_are_scaled_again(self):
        draw = Drawn()
        job = self.write_job([3], ['type = "dense", units = 2'], 7 + 3 * draw(SAMPLES, 3), 40 * draw(SAMPLES, 2))
        text = job.read_text(encoding="utf-8")
        job.write_text(text.replace("[data]", '[data]\nnormalize = "standard"\nnormalize_targets = "minmax"'),
                       encoding="utf-8")
        run("train", job, "--run-dir", self.directory / "run")
        said = run("export", self.directory / "run", "--to", "keras", "--output",
                   self.directory / "out.weights.h5").stderr
        for part in ("inputs", "targets"):
            self.assertIn(f"/normalization/{part}", said)
        found, again = (json.loads(run("evaluate", *target, "--json", ranks=ranks).stdout)
                        for target, ranks in (([self.directory / "run"], None),
                                              ([job, "--weights", self.directory / "out.weights.h5"], 2)))
        self.assertEqual(found["loss"], again["loss"])

    def test_a_run_goes_on_without_the_file_that_it_began_with(self):
        draw = Drawn()
        job = self.write_job([3], ['type = "dense", units = 2'], draw(SAMPLES, 3))
        weights = self.directory / "begin.weights.h5"
        keras_file.write(weights, [("Dense", {"": [draw(3, 2), draw(2)]})])
        directory = self.directory / "run"
        run("train", job, "--run-dir", directory, "--weights", weights)
        weights.unlink()
        run("train", "--resume", directory, *settings(training__epochs=2))
        self.assertEqual(len(read_tables(directory / "run.h5")["epochs"]), 2)

    def test_files_that_do_not_fit_are_refused_before_anything_is_made(self):
        draw = Drawn()
        job = self.write_job([3], ['type = "dense", units = 4', 'type = "dense", units = 2, name = "last"'],
                             draw(SAMPLES, 3))
        weights = self.directory / "bad.weights.h5"
        first, last = ("Dense", {"": [draw(3, 4), draw(4)]}), ("Dense", {"": [draw(4, 2), draw(2)]})
        for layers, parts in [
                ([first], ('kernel [4, 2] of layer "last" at /layers/dense_1/vars/0, there is nothing',
                           "/layers/dense/vars/0 [3, 4]")),
                ([first, ("Dense", {"": [draw(4, 3), draw(3)]})],
                 ('/layers/dense_1/vars/0: expected kernel [4, 2] of layer "last", got [4, 3]',)),
                ([first, ("Dense", {"": [draw(4, 2)]})], ('expected bias [2] of layer "last"',)),
                ([first, last, ("Dense", {"": [draw(2, 2)]})],
                 ("got 1 more; there is /layers/dense_2/vars/0 [2, 2]",)),
                ([first, ("Normalization", {"": [draw(4)]}), last], ("/layers/normalization/vars/0 [4]",)),
                ([first, ("Dense", {"": [double(draw(4, 2)), draw(2)]})], ("expected float32, got float64",)),
                ([("Flatten", {})], ("expected weights as Keras 3 saves them",))]:
            keras_file.write(weights, layers)
            with self.subTest(parts=parts):
                error = run("train", job, "--weights", weights, ranks=2, code=3).stderr
                for part in (str(weights), *parts):
                    self.assertIn(part, error)
                self.assertIn(parts[0], run("evaluate", job, "--weights", weights, code=3).stderr)
        self.assertFalse((self.directory / "runs").exists())
        with h5py.File(weights, "w") as file:
            file.attrs["layer_names"] = ["dense", "last"]
        self.assertIn("a file of Keras 2", run("train", job, "--weights", weights, code=3).stderr)
        self.assertIn("unzip", run("train", job, "--weights", self.directory / "whole.keras", code=3).stderr)

    def test_what_is_missing_on_the_command_line_is_said(self):
        job = self.write_job([3], ['type = "dense", units = 2'], Drawn()(SAMPLES, 3))
        self.assertIn("--weights FILE", run("evaluate", job, code=2).stderr)
        run("train", job, "--run-dir", self.directory / "run")
        output = self.directory / "out.h5"
        self.assertIn("ends in .weights.h5",
                      run("export", self.directory / "run", "--to", "keras", "--output", output, code=2).stderr)
        self.assertIn("keras", run("export", self.directory / "run", "--to", "onnx", "--output", output, code=2).stderr)
        self.assertFalse(output.exists())


if __name__ == "__main__":
    system_test.main()
