"""Cases of layers."""
import torch

import golden_activation
import golden_attention
import golden_composites
import golden_convolutions
import golden_normalization
import golden_pooling
import golden_recurrent
import golden_shape
from layer_case import case, dense


def core_cases():
    yield "dense_tanh", dense("dense_tanh", [5], 4, "tanh", torch.tanh)
    yield "dense_on_last_axis", dense("dense_on_last_axis", [3, 2, 5], 4, "sigmoid", torch.sigmoid)
    yield "dense_softmax_on_last_axis", dense("dense_softmax", [3, 5], 4, "softmax", lambda z: torch.softmax(z, -1))
    yield "softmax_on_last_axis", case({"type": "softmax"}, [3, 4], {}, lambda x, w: torch.softmax(x, -1))


def cases():
    yield from core_cases()
    for module in (golden_activation, golden_attention, golden_composites, golden_convolutions, golden_normalization,
                   golden_pooling, golden_recurrent, golden_shape):
        yield from module.cases()
