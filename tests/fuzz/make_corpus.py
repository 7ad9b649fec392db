#!/usr/bin/env python3
"""Makes the inputs that the fuzzers begin with: make_corpus.py FOLDER

One folder for each fuzzer, with small sound files of the kind it reads. The same call makes the same files.
"""
import gzip
import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np

MODEL = """input = [8, 8, 1]
layers = [
  {{ type = "conv2d", filters = 2, kernel_size = 3, padding = "same", activation = "relu" }},
  {layers}
  {{ type = "flatten" }},
  {{ type = "dense", units = 3, activation = "softmax", kernel_initializer = "he_normal", kernel_regularizer = "l2" }},
]"""

JOB = """[run]
name = "a"
seed = 1

[data]
{data}
scale = 0.5

[model]
{model}

[training]
loss = {loss}
metrics = {metrics}
optimizer = {optimizer}
epochs = 2
batch_size = 4
shards = 2
class_weight = {{ 0 = 1.0, 2 = 0.5 }}
shuffle = {{ block = 2, window = 2 }}

[[callbacks]]
{callback}
"""

LAYERS = [
    '{ type = "batch_normalization", momentum = 0.9 },',
    '{ type = "max_pooling2d", pool_size = 2 }, { type = "dropout", rate = 0.5 },',
    '{ type = "residual", layers = [{ type = "conv2d", filters = 2, kernel_size = [3, 3], padding = "same" }] },',
    '{ type = "reshape", target_shape = [8, 16] }, { type = "lstm", units = 3, return_sequences = true },',
    '{ type = "reshape", target_shape = [8, 16] }, { type = "multi_head_attention", num_heads = 2, key_dim = 3 },',
    '{ type = "up_sampling2d", size = 2, interpolation = "bilinear" }, { type = "zero_padding2d", padding = [1, 2] },',
    '{ type = "conv2d_transpose", filters = 2, kernel_size = 2, strides = 2 }, { type = "cropping2d", cropping = 1 },',
    '{ type = "depthwise_conv2d", kernel_size = 3 }, { type = "layer_normalization" }, { type = "permute", dims = [2, 1, 3] },',
]
DATA = [
    'source = "csv"\ntrain = { file = "a.csv", targets = "y" }\nvalidation_split = 0.5',
    'source = "npy"\ntrain = { inputs = "a.npy", first = 2 }\nvalidation = { inputs = ["a.npy", "a.npy"] }',
    'source = "npy"\ntrain = { file = "a.npz", inputs = "x", targets = "y" }\nlayout = "channels_first"',
    'source = "idx"\ntrain = { inputs = "a.idx", targets = "b.idx" }\ncache = "memory"\nnormalize = "standard"',
    'source = "hdf5"\ntrain = { file = "a*.h5", inputs = ["x", "x"], targets = "y" }\nallow_links = false',
    'source = "images"\ntrain = { directory = ".", color_mode = "grayscale", image_size = [2, 3] }',
    'source = "glyphs"\ntrain = { samples = 20 }\nvalidation = { samples = 5 }\naugmentation = '
    '[{ type = "random_flip" }, { type = "random_rotation", factor = 0.1 }]',
    'source = "friedman"\ntrain = { samples = 20 }\nvalidation = { samples = 5 }\nnormalize_targets = "minmax"',
]
LOSSES = ['"sparse_categorical_crossentropy"', '"mse"', '{ type = "huber", delta = 0.5 }', '"binary_crossentropy"']
METRICS = ['["accuracy"]', '["mae", { type = "top_k_categorical_accuracy", k = 2 }]', '[{ type = "auc", num_thresholds = 20 }]', '[]']
OPTIMIZERS = [
    '{ type = "sgd", learning_rate = 0.1, momentum = 0.9, nesterov = true }',
    '{ type = "adamw", learning_rate = { type = "cosine_decay", initial_learning_rate = 0.1, decay_steps = 10 } }',
    '{ type = "rmsprop", clipnorm = 1.0, use_ema = true }',
    '"lamb"',
]
CALLBACKS = [
    'type = "csv_logger"\npath = "training.csv"',
    'type = "model_checkpoint"\npath = "checkpoints/{epoch:02d}-{val_loss:.2f}.h5"\nmonitor = "val_loss"',
    'type = "early_stopping"\npatience = 3\nrestore_best_weights = true',
    'type = "reduce_lr_on_plateau"\nfactor = 0.5',
]


def idx(array, code):
    return struct.pack(">HBB", 0, code, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def npy(array, version=None):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version)
    return stream.getvalue()


def npz(save, **arrays):
    stream = io.BytesIO()
    save(stream, **arrays)
    return stream.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, color, channels, interlaced=0, extra=b""):
    row = 1 + (width * depth * channels + 7) // 8
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced)
    pixels = zlib.compress(bytes(i % 251 if i % row else i // row % 5 for i in range(row * height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def idx_files():
    pixels = np.arange(24, dtype=">u1").reshape(4, 2, 3)
    labels = idx(np.arange(4, dtype=">u1"), 8)
    yield bytes([len(labels)]) + labels + idx(pixels, 8)
    yield bytes([len(gzip.compress(labels, mtime=0))]) + gzip.compress(labels, mtime=0) + gzip.compress(idx(pixels, 8), mtime=0)
    for code, dtype in [(9, ">i1"), (0xB, ">i2"), (0xC, ">i4"), (0xD, ">f4"), (0xE, ">f8")]:
        yield b"\0" + idx(pixels.astype(dtype), code)
    yield b"\0" + idx(np.zeros((2, 3, 2, 2), ">u1"), 8)


def npy_files():
    for dtype in ["?", "i1", "<u2", ">i4", "<i8", "<f2", ">f4", "<f8", "<c8", "<U2"]:
        yield npy(np.arange(24).reshape(2, 3, 2, 2).astype(dtype))
    yield npy(np.asfortranarray(np.ones((3, 2))))
    yield npy(np.zeros(3, [("a", "<f4"), ("b", "<i4")]))
    yield npy(np.arange(4, dtype="<f4"), (2, 0))
    yield npy(np.arange(4, dtype="<f4"), (3, 0))


def npz_files():
    arrays = {"x": np.arange(24, dtype="<f4").reshape(4, 2, 3), "y": np.arange(4)}
    yield npz(np.savez, **arrays)
    yield npz(np.savez_compressed, **arrays)
    yield npz(np.savez_compressed, x=np.zeros((100, 50), "<f4"), y=np.zeros(100, "<i2"))


def csv_files():
    for bits in [0, 1, 4, 5, 32, 33, 65]:
        yield bytes([bits]) + b"1,2,3\n4,5,6\n"
        yield bytes([bits]) + b"a,y,b\n1,2,3\r\n-4e2,+5,.6\n"
    yield b"\x01\xef\xbb\xbf" + b'"a ""x""","b,c"\n"1","2"\n\n3,4'
    yield b"\x03a;y\n1;NA\n;2\n"
    yield b"\x09a,b\n1,NA\n,2\n"
    yield b"\x11" + gzip.compress(b"a,b\n1,NaN\n3,4\n", mtime=0)


def png_files():
    for depth, color, channels in [(8, 0, 1), (1, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (8, 4, 2), (8, 6, 4), (16, 6, 4)]:
        yield png(5, 3, depth, color, channels)
    yield png(5, 3, 4, 3, 1, extra=chunk(b"PLTE", bytes(range(48))) + chunk(b"tRNS", b"\0\x80"))
    yield png(9, 9, 8, 2, 3, interlaced=1, extra=chunk(b"tEXt", b"Comment\0x") + chunk(b"gAMA", struct.pack(">I", 45455)))


def job_files():
    for i in range(8):
        text = JOB.format(data=DATA[i], model=MODEL.format(layers=LAYERS[i]), loss=LOSSES[i % 4], metrics=METRICS[i % 4],
                          optimizer=OPTIMIZERS[i % 4], callback=CALLBACKS[i % 4])
        yield text.encode()
    yield b"a.b.c.d = [[[[1]]]]\n[x.y.z]\nd = 1979-05-27\ne = '''\n'''\nf = [0x1F, 1_0, inf, -nan, 1e3]\n"


def hostile_files():
    """What the bytes mean depends on the fuzzer: random ones name many parts."""
    random = np.random.default_rng(1)
    for size in [0, 20, 60, 60, 120, 120, 240, 240, 400, 400]:
        yield random.integers(0, 256, size, dtype=np.uint8).tobytes()


def data_beside_jobs(folder):
    """The small files that the jobs of the corpus name."""
    import h5py  # only here: the others do without

    pixels = np.arange(24, dtype="u1").reshape(4, 2, 3)
    (folder / "a.csv").write_text("a,b,y\n1,2,0\n3,4,1\n5,6,2\n7,8,0\n")
    (folder / "a.npy").write_bytes(npy(pixels))
    (folder / "a.npz").write_bytes(npz(np.savez_compressed, x=pixels, y=np.arange(4)))
    (folder / "a.idx").write_bytes(idx(pixels, 8))
    (folder / "b.idx").write_bytes(idx(np.arange(4, dtype="u1"), 8))
    (folder / "a.png").write_bytes(png(3, 2, 8, 2, 3))
    with h5py.File(folder / "a.h5", "w") as file:
        file["x"] = pixels
        file["y"] = np.arange(4)


def write(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(files):
        (folder / f"seed-{number:02d}").write_bytes(content)


def main():
    folder = Path(sys.argv[1])
    for name, files in [("idx", idx_files), ("npy", npy_files), ("npz", npz_files), ("csv", csv_files), ("png", png_files),
                        ("job", job_files), ("hdf5_data", hostile_files), ("run_file", hostile_files),
                        ("keras", hostile_files), ("checkpoint", hostile_files)]:
        write(folder / name, files())
    (folder / "beside-jobs").mkdir(exist_ok=True)
    data_beside_jobs(folder / "beside-jobs")


if __name__ == "__main__":
    main()
