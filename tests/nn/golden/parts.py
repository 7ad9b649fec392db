"""Layers that know their table in a job file, their weights and what they compute, to be put together."""
from dataclasses import dataclass
from typing import Callable

import torch
import torch.nn.functional as F

from golden_convolutions import ACTIVATIONS, convolve
from golden_recurrent import states, weights_of

EPSILON = 1e-3
FUNCTIONS = {**ACTIVATIONS, "gelu": F.gelu, "relu": F.relu, "sigmoid": torch.sigmoid, "silu": F.silu}


@dataclass
class Part:
    layer: dict  # as in a job file
    weights: Callable = lambda draw: {}  # in the order of ours
    run: Callable = lambda x, w: x
    statistics: Callable = lambda: {}  # of the last run: the "gradients" of running averages


def dense(inputs, units, activation="linear", use_bias=True, scale=0.5):
    layer = {"type": "dense", "units": units, "activation": activation, "use_bias": use_bias}

    def weights(draw):
        return {"kernel": draw.normal(inputs, units, scale=scale), **({"bias": draw.normal(units)} if use_bias else {})}

    return Part(layer, weights, lambda x, w: FUNCTIONS[activation](x @ w["kernel"] + w.get("bias", 0)))


def conv2d(channels, filters, size, scale=0.5, **options):
    layer = {"type": "conv2d", "filters": filters, "kernel_size": size, "use_bias": False, **options}
    return Part(layer, lambda draw: {"kernel": draw.normal(size, size, channels, filters, scale=scale)},
                lambda x, w: convolve(x, w["kernel"].movedim(-1, 0).movedim(-1, 1), None, layer, 2, 1))


def batch_normalization(channels, training=True):
    """See golden_normalization."""
    seen = {}

    def weights(draw):
        return {"gamma": draw.uniform(channels, low=0.5, high=1.5), "beta": draw.normal(channels),
                "moving_mean": draw.normal(channels), "moving_variance": draw.uniform(channels, low=0.5)}

    def run(x, w):
        seen["x"] = x.detach()
        moving = (w[name].detach().clone() for name in ("moving_mean", "moving_variance"))
        return F.batch_norm(x.movedim(-1, 1), *moving, w["gamma"], w["beta"], training=training,
                            eps=EPSILON).movedim(1, -1)

    def statistics():
        by_channel = seen["x"].reshape(-1, channels)
        return {"moving_mean": len(seen["x"]) * by_channel.mean(0),
                "moving_variance": len(seen["x"]) * by_channel.var(0, unbiased=True)}

    return Part({"type": "batch_normalization"}, weights, run, statistics)


def layer_normalization(features):
    return Part({"type": "layer_normalization"},
                lambda draw: {"gamma": draw.uniform(features, low=0.5, high=1.5), "beta": draw.normal(features)},
                lambda x, w: F.layer_norm(x, (features,), w["gamma"], w["beta"], EPSILON))


def attention(features, heads, key_dim):
    names = [f"{part}_kernel" for part in ("query", "key", "value", "output")]

    def weights(draw):
        return {**{name: draw.normal(features, heads, key_dim, scale=0.5) for name in names[:3]},
                names[3]: draw.normal(heads, key_dim, features, scale=0.5)}

    def run(x, w):
        q, k, v = (torch.einsum("rtf,fhd->rhtd", x, w[name]) for name in names[:3])
        outputs = torch.softmax(q @ k.transpose(-1, -2) / key_dim ** 0.5, -1) @ v
        return torch.einsum("rhtd,hdf->rtf", outputs, w[names[3]])

    return Part({"type": "multi_head_attention", "num_heads": heads, "key_dim": key_dim, "use_bias": False},
                weights, run)


def lstm(features, units):
    return Part({"type": "lstm", "units": units}, lambda draw: weights_of(draw, features, units, 4, 1),
                lambda x, w: states(torch.lstm, x, w, units, [0, 1, 2, 3])[:, -1])


def average_pooling2d():
    return Part({"type": "average_pooling2d"}, run=lambda x, w: F.avg_pool2d(x.movedim(-1, 1), 2).movedim(1, -1))


def global_average_pooling(axes):
    return Part({"type": f"global_average_pooling{axes}d"}, run=lambda x, w: x.flatten(1, -2).mean(1))


def reshape(*shape):
    return Part({"type": "reshape", "target_shape": list(shape)}, run=lambda x, w: x.reshape(len(x), *shape))


def activation(name):
    return Part({"type": name}, run=lambda x, w: FUNCTIONS[name](x))


def inside(w, name):
    return {key[len(name) + 1:]: value for key, value in w.items() if key.startswith(f"{name}/")}


class Chain:
    """Parts one after the other, named as ours are: dense, dense_1."""

    def __init__(self, *parts):
        self.layers = [part.layer for part in parts]
        self.parts = {}
        for part in parts:
            name, count = part.layer["type"], 1
            while name in self.parts:
                name, count = f"{part.layer['type']}_{count}", count + 1
            self.parts[name] = part

    def collect(self, get):
        return {f"{name}/{key}": value for name, part in self.parts.items() for key, value in get(part).items()}

    def weights(self, draw):
        return self.collect(lambda part: part.weights(draw))

    def statistics(self):
        return self.collect(lambda part: part.statistics())

    def run(self, x, w):
        for name, part in self.parts.items():
            x = part.run(x, inside(w, name))
        return x


def composite(layer, chains, join):
    """`chains`: each by what the names of its weights begin with, "" or "shortcut/"."""
    def collect(get):
        return {scope + key: value for scope, chain in chains.items() for key, value in get(chain).items()}

    def run(x, w):
        return join([chain.run(x, inside(w, scope[:-1]) if scope else w) for scope, chain in chains.items()])

    return Part(layer, lambda draw: collect(lambda chain: chain.weights(draw)), run,
                lambda: collect(lambda chain: chain.statistics()))


def residual(*parts, shortcut=(), activation="linear"):
    body, way_around = Chain(*parts), Chain(*shortcut)
    layer = {"type": "residual", "layers": body.layers, "shortcut": way_around.layers, "activation": activation}
    return composite(layer, {"": body, "shortcut/": way_around},
                     lambda outputs: FUNCTIONS[activation](outputs[0] + outputs[1]))


def concatenate(*branches):
    chains = {f"branch_{i}/": Chain(*branch) for i, branch in enumerate(branches)}
    layer = {"type": "concatenate", "branches": [chain.layers for chain in chains.values()]}
    return composite(layer, chains, lambda outputs: torch.cat(outputs, -1))
