"""The same samples out of files of every kind: training, evaluation and predictions are the same to the bit."""

import json
import struct
import zlib

import system_test
from system_test import h5py, numpy, pandas, read_tables, run

SHAPE = (6, 5, 3)
CLASSES = ("bird", "cat", "dog")
SAMPLES = {"train": 90, "test": 37}

JOB = """
[data]
scale = 0.00392156862745098
%s

[model]
input = [6, 5, 3]
layers = [
  { type = "flatten" },
  { type = "dense", units = 16, activation = "relu" },
  { type = "dense", units = 3, activation = "softmax" },
]

[training]
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy"]
optimizer = { type = "adam", learning_rate = 0.01 }
epochs = 2
batch_size = 30
shards = 3
"""

DATA = {  # by the kind of files, the first is what the others are compared with
    "hdf5": """source = "hdf5"
        train = { file = "train.h5", inputs = "x", targets = "y" }
        test = { file = "test.h5", inputs = "x", targets = "y" }""",
    "npy": """source = "npy"
        train = { inputs = "train-x-*.npy", targets = "train-y.npy" }
        test = { inputs = "test-x-*.npy", targets = "test-y.npy" }""",
    "npz": """source = "npy"
        inputs = ["red", "other"]
        targets = "y"
        train = { file = "train.npz" }
        test = { file = "test.npz" }""",
    "csv": """source = "csv"
        targets = "class"
        train = { file = "train.csv" }
        test = { file = "test.csv.gz" }""",
    "images": """source = "images"
        train = { directory = "train" }
        test = { directory = "test" }""",
}

TEST_DATA = {  # the test data as --data names it, without targets where it can
    "hdf5": "{directory}/test.h5",
    "npy": '{{ inputs = "{directory}/test-x-*.npy" }}',
    "npz": "{directory}/test.npz",
    "csv": "{directory}/test.csv.gz",
    "images": "{directory}/all",
}


def png(image):
    """The bytes of a PNG file of RGB pixels."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = image.shape
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class DataFilesTest(system_test.SystemTest):
    def setUp(self):
        super().setUp()
        for seed, (part, samples) in enumerate(SAMPLES.items()):
            random = numpy.random.default_rng(seed)
            labels = numpy.sort(random.integers(len(CLASSES), size=samples))  # the order of the folders
            means = numpy.array([60, 120, 180])[labels].reshape(-1, 1, 1, 1)
            images = random.normal(means, 60, (samples, *SHAPE)).clip(0, 255).astype("uint8")
            self.save_arrays(self.directory / part, images, labels)
            self.save_images(self.directory / part, images, labels)
        for kind, data in DATA.items():
            (self.directory / f"{kind}.toml").write_text(JOB % data, encoding="utf-8")

    def save_arrays(self, path, images, labels):
        with h5py.File(f"{path}.h5", "w") as file:
            file["x"], file["y"] = images, labels
        for piece, kind in zip(numpy.array_split(images, 3), (">f4", "<i8", "u1")):  # in name order
            numpy.save(f"{path}-x-{kind.strip('<>')}.npy", piece.astype(kind))
        numpy.save(f"{path}-y.npy", labels)
        save = numpy.savez if path.name == "train" else numpy.savez_compressed
        save(f"{path}.npz", red=images[..., :1], other=images[..., 1:].astype("f2"), y=labels.astype(">u2"))
        table = pandas.DataFrame(images.reshape(len(images), -1)).assign(**{"class": labels})
        table.to_csv(f"{path}.csv" if path.name == "train" else f"{path}.csv.gz", index=False)

    def save_images(self, path, images, labels):
        everything = self.directory / "all"
        everything.mkdir(exist_ok=True)
        for index, (image, label) in enumerate(zip(images, labels)):
            folder = path / CLASSES[label]
            folder.mkdir(parents=True, exist_ok=True)
            for directory in [folder, everything] if path.name == "test" else [folder]:
                (directory / f"{index:03}.png").write_bytes(png(image))

    def results(self, kind, ranks):
        """What a run on files of this kind finds: by epoch, on the test data, and its predictions."""
        directory = self.directory / f"{kind}-{ranks}"
        run("train", self.directory / f"{kind}.toml", "--run-dir", directory, ranks=ranks)
        epochs = read_tables(directory / "run.h5")["epochs"]
        evaluation = json.loads(run("evaluate", directory, "--json", ranks=ranks).stdout)
        self.assertEqual(evaluation["samples"], SAMPLES["test"])
        output = directory / "predictions.h5"
        data = TEST_DATA[kind].format(directory=self.directory)
        run("predict", directory, "--data", data, "--output", output, ranks=ranks)
        with h5py.File(output, "r") as file:
            predictions = file["predictions"][:].tobytes()
        return (epochs["loss"].tolist(), epochs["accuracy"].tolist(), evaluation["loss"], evaluation["accuracy"],
                predictions)

    def test_the_kind_of_files_makes_no_difference(self):
        expected = self.results("hdf5", None)
        for kind in DATA:
            for ranks in (1, 3):
                with self.subTest(kind=kind, ranks=ranks):
                    self.assertEqual(self.results(kind, ranks), expected)


if __name__ == "__main__":
    system_test.main()
