"""Cases of losses: the sum over the rows of weight x loss, and its gradient with respect to the outputs."""
import torch
import torch.nn.functional as F

import golden_loss_functions
from draw import Draw

ROWS = 6


def case(loss, outputs, targets, function, weights=None):
    """`function(outputs, targets)` gives the loss of each row."""
    outputs = outputs.clone().requires_grad_()
    losses = function(outputs, targets)
    value = (losses if weights is None else weights * losses).sum()
    value.backward()
    made = {"loss": loss, "rows": len(outputs), "outputs": outputs, "targets": targets, "value": value.item(),
            "gradient": outputs.grad}
    return made if weights is None else {**made, "weights": weights}


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
