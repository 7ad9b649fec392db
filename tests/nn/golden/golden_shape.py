"""Layers that move, repeat, leave out or rescale numbers, and embeddings."""
import itertools

import torch
import torch.nn.functional as F

from draw import Draw
from layer_case import case


def to_front(x):
    return x.movedim(-1, 1)


def to_back(x):
    return x.movedim(1, -1)


def plain_cases():
    yield "reshape", case({"type": "reshape", "target_shape": [2, 6]}, [3, 4], {}, lambda x, w: x.reshape(3, 2, 6))
    yield "reshape_rest", case({"type": "reshape", "target_shape": [5, -1, 2]}, [2, 15], {},
                               lambda x, w: x.reshape(3, 5, 3, 2))
    yield "rescaling", case({"type": "rescaling", "scale": -2.5, "offset": 0.75}, [3, 7], {},
                            lambda x, w: -2.5 * x + 0.75)
    for dims, inputs in ([2, 1], [3, 5]), ([3, 1, 2], [3, 4, 2]), ([2, 1, 3], [3, 4, 5]), ([3, 1, 4, 2], [2, 3, 4, 5]):
        yield "permute_" + "".join(map(str, dims)), case({"type": "permute", "dims": dims}, inputs, {},
                                                         lambda x, w: x.permute(0, *dims))
    for name in "gaussian_noise", "spatial_dropout2d":
        key = {"gaussian_noise": "stddev", "spatial_dropout2d": "rate"}[name]
        yield f"{name}_inference", case({"type": name, key: 0.5}, [2, 3, 4], {}, lambda x, w: x, training=False)
    yield "gaussian_noise_none", case({"type": "gaussian_noise", "stddev": 0.0}, [2, 3], {}, lambda x, w: x)


def margin_cases():
    """Margins as in job files, and as pairs for each spatial axis."""
    margins = [("1d", [4, 3], 2, [(2, 2)]), ("1d_pair", [5, 3], [1, 2], [(1, 2)]),
               ("2d", [5, 4, 3], 1, [(1, 1), (1, 1)]), ("2d_axes", [3, 6, 2], [1, 2], [(1, 1), (2, 2)]),
               ("2d_pairs", [5, 6, 3], [[0, 2], [3, 1]], [(0, 2), (3, 1)]),
               ("3d", [3, 4, 5, 2], [1, 0, 2], [(1, 1), (0, 0), (2, 2)]),
               ("3d_pairs", [3, 3, 4, 2], [[1, 0], [0, 2], [2, 1]], [(1, 0), (0, 2), (2, 1)])]
    for name, inputs, value, pairs in margins:
        pad = list(itertools.chain(*reversed(pairs)))
        layer = {"type": f"zero_padding{len(pairs)}d", "padding": value}
        yield f"zero_padding{name}", case(layer, inputs, {}, lambda x, w: to_back(F.pad(to_front(x), pad)), rows=2)
        crop = (slice(None), *(slice(before, extent - after) for extent, (before, after) in zip(inputs, pairs)))
        if all(extent > sum(pair) for extent, pair in zip(inputs, pairs)):
            yield f"cropping{name}", case({"type": f"cropping{len(pairs)}d", "cropping": value}, inputs, {},
                                          lambda x, w: x[crop], rows=2)


def up_sampling_cases():
    for name, inputs, size in (("1d", [4, 3], 2), ("2d", [3, 4, 2], 2), ("2d_axes", [2, 3, 5], [3, 2]),
                               ("3d", [2, 3, 2, 2], [1, 2, 3])):
        axes = len(inputs) - 1
        sizes = [float(n) for n in (size if isinstance(size, list) else [size] * axes)]
        yield f"up_sampling{name}", case(
            {"type": f"up_sampling{axes}d", "size": size}, inputs, {},
            lambda x, w: to_back(F.interpolate(to_front(x), scale_factor=tuple(sizes), mode="nearest")), rows=2)
    for name, inputs, size in (("", [3, 4, 2], 2), ("_axes", [4, 3, 5], [3, 2]), ("_one", [1, 3, 2], [4, 1])):
        sizes = [float(n) for n in (size if isinstance(size, list) else [size] * 2)]
        yield f"up_sampling2d_bilinear{name}", case(
            {"type": "up_sampling2d", "size": size, "interpolation": "bilinear"}, inputs, {},
            lambda x, w: to_back(F.interpolate(to_front(x), scale_factor=tuple(sizes), mode="bilinear")), rows=2)


def embedding_cases():
    for name, inputs in ("embedding", [7]), ("embedding_2_axes", [3, 4]):
        draw = Draw(name)
        yield name, case({"type": "embedding", "input_dim": 5, "output_dim": 6}, inputs,
                         {"embeddings": draw.normal(5, 6)},
                         lambda x, w: F.embedding(x.detach().long(), w["embeddings"]),
                         x=draw.integers(5, 3, *inputs).double(), smooth=False)


def cases():
    yield from plain_cases()
    yield from margin_cases()
    yield from up_sampling_cases()
    yield from embedding_cases()
