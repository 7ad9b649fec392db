"""Cases of losses."""
import torch
import torch.nn.functional as F

import golden_loss_functions
from draw import Draw
from loss_case import ROWS, case


def regression(name, loss, function):
    draw = Draw(name)
    outputs, targets, weights = draw.normal(ROWS, 4), draw.normal(ROWS, 4), draw.uniform(ROWS)
    yield name, case(loss, outputs, targets, function)
    yield name + "_weighted", case(loss, outputs, targets, function, weights)


def core_cases():
    yield from regression("mean_squared_error", "mse", lambda y, t: ((y - t) ** 2).mean(1))
    yield from regression("mean_absolute_error", "mae", lambda y, t: (y - t).abs().mean(1))
    draw = Draw("crossentropies")
    logits, labels = draw.normal(ROWS, 5, scale=3.0), draw.integers(5, ROWS)
    yield "sparse_categorical_crossentropy_from_logits", case(
        {"type": "sparse_categorical_crossentropy", "from_logits": True}, logits, labels,
        lambda y, t: F.cross_entropy(y, t, reduction="none"))
    yield "binary_crossentropy_from_logits", case(
        {"type": "binary_crossentropy", "from_logits": True}, logits, draw.integers(2, ROWS, 5).double(),
        lambda y, t: F.binary_cross_entropy_with_logits(y, t, reduction="none").mean(1))


def cases():
    yield from core_cases()
    yield from golden_loss_functions.cases()
