"""Layers with windows or whole axes of one to three spatial axes."""
import itertools

import torch

from draw import Draw
from layer_case import case


def spread_case(layer, inputs, function, **others):
    """Inputs without ties: a maximum stays where it is when an input moves a little."""
    x = Draw(str(layer)).spread(2, *inputs)
    return case(layer, inputs, {}, lambda x, w: function(x), rows=2, x=x, **others)


def window_range(index, extent, size, stride, padding):
    before = 0
    if padding == "same":
        outputs = -(-extent // stride)
        before = max((outputs - 1) * stride + size - extent, 0) // 2
    return range(max(index * stride - before, 0), min(index * stride - before + size, extent))


def pooled(x, sizes, strides, padding, reduce):
    """By the definition: `reduce` of the places of each window, x [rows, places..., channels]."""
    axes = range(len(sizes))
    counts = [-(-x.shape[1 + a] // strides[a]) if padding == "same" else (x.shape[1 + a] - sizes[a]) // strides[a] + 1
              for a in axes]
    outputs = []
    for window in itertools.product(*map(range, counts)):
        ranges = [window_range(window[a], x.shape[1 + a], sizes[a], strides[a], padding) for a in axes]
        places = torch.stack([x[(slice(None), *place)] for place in itertools.product(*ranges)])
        outputs.append(reduce(places))
    return torch.stack(outputs, 1).reshape(x.shape[0], *counts, x.shape[-1])


REDUCE = {"max": lambda places: places.max(0).values, "average": lambda places: places.mean(0)}
WINDOWS = [  # name, inputs, pool_size, strides, padding
    ("1d", [7, 3], 2, None, "valid"), ("1d_overlapping", [8, 3], 3, 2, "same"), ("1d_gaps", [8, 2], 2, 3, "valid"),
    ("2d", [5, 6, 5], 2, None, "valid"), ("2d_same", [5, 4, 2], 2, None, "same"),
    ("2d_overlapping", [6, 7, 3], [3, 2], [2, 1], "valid"), ("2d_same_overlapping", [6, 7, 3], 3, [1, 2], "same"),
    ("2d_wide_same", [3, 2, 18], [4, 5], 1, "same"), ("3d", [4, 5, 3, 2], 2, None, "valid"),
    ("3d_same", [3, 4, 5, 2], [2, 3, 2], [1, 2, 3], "same"),
]


def pooling_cases():
    for kind, (name, inputs, size, strides, padding) in itertools.product(REDUCE, WINDOWS):
        axes = len(inputs) - 1
        layer = {"type": f"{kind}_pooling{axes}d", "pool_size": size, "padding": padding}
        if strides:
            layer["strides"] = strides
        sizes = size if isinstance(size, list) else [size] * axes
        steps = strides if isinstance(strides, list) else [strides] * axes if strides else sizes
        yield f"{kind}_pooling{name}", spread_case(
            layer, inputs, lambda x: pooled(x, sizes, steps, padding, REDUCE[kind]))


def torch_pooling_cases():
    """Where PyTorch has the same: its padding is the same on both sides, as an odd window needs."""
    first, last = (lambda x: x.movedim(-1, 1)), (lambda x: x.movedim(1, -1))
    odd = {"pool_size": 3, "strides": 2, "padding": "same"}
    yield "max_pooling2d_torch", spread_case({"type": "max_pooling2d", **odd}, [5, 7, 3], lambda x: last(
        torch.nn.functional.max_pool2d(first(x), 3, 2, 1)))
    yield "average_pooling2d_torch", spread_case({"type": "average_pooling2d", **odd}, [5, 7, 3], lambda x: last(
        torch.nn.functional.avg_pool2d(first(x), 3, 2, 1, count_include_pad=False)))
    ties = torch.randint(0, 3, (2, 5, 7, 3), generator=torch.Generator().manual_seed(1)).double()
    yield "max_pooling2d_ties", case({"type": "max_pooling2d", **odd}, [5, 7, 3], {}, lambda x, w: last(
        torch.nn.functional.max_pool2d(first(x), 3, 2, 1)), rows=2, x=ties, smooth=False)


def global_cases():
    for axes, keepdims in itertools.product((1, 2, 3), (False, True)):
        inputs, over = [4, 3, 5][:axes] + [3], list(range(1, axes + 1))
        name = f"pooling{axes}d" + ("_keepdims" if keepdims else "")
        options = {"keepdims": True} if keepdims else {}
        yield f"global_max_{name}", spread_case({"type": f"global_max_pooling{axes}d", **options}, inputs,
                                                lambda x: x.amax(over, keepdim=keepdims))
        yield f"global_average_{name}", spread_case({"type": f"global_average_pooling{axes}d", **options}, inputs,
                                                    lambda x: x.mean(over, keepdim=keepdims))


def cases():
    yield from pooling_cases()
    yield from torch_pooling_cases()
    yield from global_cases()
