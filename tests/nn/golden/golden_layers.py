"""Cases of layers."""
import torch

import golden_activation
import golden_attention
import golden_normalization
import golden_pooling
import golden_recurrent
import golden_shape
from layer_case import case, dense
import golden_convolutions
from draw import Draw

ROWS = 3


def case(layer, inputs, weights, function, rows=ROWS, training=True, smooth=True, x=None, **others):
    """`function(x, weights)` computes what `layer` (as in a job file) does; x is [rows, *inputs], channels last.

    smooth=False leaves out the check with central differences: for kinks, and for random or integer inputs.
    """
    draw = Draw(str(layer) + str(inputs))
    x = draw.normal(rows, *inputs) if x is None else x
    values = {name: tensor.clone().requires_grad_() for name, tensor in weights.items()}
    x.requires_grad_()
    y = function(x, values)
    dy = draw.normal(*y.shape)
    (y * dy).sum().backward()
    zero = torch.zeros_like
    return {"layer": layer, "input": list(inputs), "rows": rows, "training": training, "smooth": smooth,
            "output": list(y.shape[1:]), "x": x, "dy": dy, "y": y, "dx": zero(x) if x.grad is None else x.grad,
            "weights": {name: {"shape": list(tensor.shape), "values": tensor,
                               "gradient": zero(tensor) if tensor.grad is None else tensor.grad}
                        for name, tensor in values.items()}, **others}


def dense(name, inputs, units, activation, function):
    draw = Draw(name)
    weights = {"kernel": draw.normal(inputs[-1], units, scale=0.5), "bias": draw.normal(units)}
    layer = {"type": "dense", "units": units, "activation": activation}
    return case(layer, inputs, weights, lambda x, w: function(x @ w["kernel"] + w["bias"]))


def core_cases():
    yield "dense_tanh", dense("dense_tanh", [5], 4, "tanh", torch.tanh)
    yield "dense_on_last_axis", dense("dense_on_last_axis", [3, 2, 5], 4, "sigmoid", torch.sigmoid)
    yield "dense_softmax_on_last_axis", dense("dense_softmax", [3, 5], 4, "softmax", lambda z: torch.softmax(z, -1))
    yield "softmax_on_last_axis", case({"type": "softmax"}, [3, 4], {}, lambda x, w: torch.softmax(x, -1))


def cases():
    yield from core_cases()
    for module in (golden_activation, golden_attention, golden_normalization, golden_pooling, golden_recurrent,
                   golden_shape):
        yield from module.cases()
    yield from golden_convolutions.cases(case)
