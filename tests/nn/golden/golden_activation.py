"""Cases of activations, by name and as layers with options or weights of their own."""
import torch
import torch.nn.functional as F

import layer_case
from draw import Draw

SMOOTH = {
    "elu": F.elu,  # its slope has no jump
    "exponential": torch.exp,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: x / 2 * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x ** 3))),
    "log_softmax": lambda x: torch.log_softmax(x, -1),
    "mish": F.mish,
    "sigmoid": torch.sigmoid,
    "silu": F.silu,
    "softmin": lambda x: F.softmin(x, -1),
    "softplus": F.softplus,
    "softsign": F.softsign,
    "swish": F.silu,
    "tanh": torch.tanh,
}
WITH_KINKS = {
    "hard_sigmoid": F.hardsigmoid,
    "hard_silu": F.hardswish,
    "hard_swish": F.hardswish,
    "hard_tanh": F.hardtanh,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.2),
    "linear": lambda x: x,
    "relu": F.relu,
    "relu6": F.relu6,
    "selu": F.selu,
}


def around(*shape):
    """From -7 to 7 for 42 numbers; an even count of them keeps away from -3, 0, 0.4, 1, 2, 3 and 6."""
    return Draw("around").spread(*shape, step=0.35)


def by_name():
    for name, function in SMOOTH.items():
        x = Draw(name).normal(3, 2, 7, scale=2.0)
        yield name, layer_case.case({"type": "activation", "activation": name}, [2, 7], {},
                                       lambda x, w, f=function: f(x), x=x)
    for name, function in WITH_KINKS.items():
        yield name, layer_case.case({"type": "activation", "activation": name}, [2, 7], {},
                                       lambda x, w, f=function: f(x), x=around(3, 2, 7))
    for name in ["gelu", "gelu_tanh", "hard_silu", "mish", "silu", "log_softmax", "selu"]:
        function = {**SMOOTH, **WITH_KINKS}[name]
        yield "dense_" + name, layer_case.dense("dense_" + name, [2, 5], 4, name, function)
    yield "gelu_shorthand", layer_case.case({"type": "gelu"}, [5], {}, lambda x, w: F.gelu(x))


def relu(x, max_value=torch.inf, negative_slope=0.0, threshold=0.0):
    kept = torch.where(x > threshold, x, negative_slope * (x - threshold))
    return torch.where(x >= max_value, torch.full_like(x, max_value), kept)


def prelu(name, inputs, alpha_shape, **keys):
    weights = {"alpha": Draw(name).uniform(*alpha_shape, low=-0.2, high=0.5)}
    return name, layer_case.case({"type": "prelu", **keys}, inputs, weights,
                                    lambda x, w: torch.where(x > 0, x, w["alpha"] * x), x=around(3, *inputs))


def as_layers():
    def layer(name, function, **keys):
        return name, layer_case.case(keys, [2, 7], {}, lambda x, w: function(x), x=around(3, 2, 7))

    yield layer("leaky_relu_layer", lambda x: F.leaky_relu(x, 0.3), type="leaky_relu")
    yield layer("leaky_relu_slope", lambda x: F.leaky_relu(x, 0.07), type="leaky_relu", negative_slope=0.07)
    yield layer("elu_layer", F.elu, type="elu")
    yield layer("elu_alpha", lambda x: F.elu(x, 0.4), type="elu", alpha=0.4)
    yield layer("relu_shorthand", F.relu, type="relu")
    for name, keys in {"relu_max_value": {"max_value": 2.0}, "relu_slope": {"negative_slope": 0.1},
                       "relu_threshold": {"threshold": 0.4},
                       "relu_all": {"max_value": 3.0, "negative_slope": 0.25, "threshold": 1.0}}.items():
        yield layer(name, lambda x, k=keys: relu(x, **k), type="relu", **keys)
    yield prelu("prelu", [6], [6])
    yield prelu("prelu_of_axes", [3, 2, 4], [3, 2, 4], alpha_initializer="ones")
    yield prelu("prelu_shared", [3, 2, 4], [1, 1, 4], shared_axes=[1, 2])
    yield prelu("prelu_shared_middle", [3, 2, 4], [3, 1, 4], shared_axes=[2])
    yield prelu("prelu_shared_last", [3, 2], [3, 1], shared_axes=[2])


def cases():
    yield from by_name()
    yield from as_layers()
