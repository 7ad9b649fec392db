"""Cases of optimizers: weights after each of some updates with given gradients."""
import torch

import golden_layer_rates
import golden_more_optimizers
from optimizer_case import case


def core_cases():
    yield "sgd", case("sgd", {"type": "sgd", "learning_rate": 0.1}, lambda p: torch.optim.SGD(p, 0.1))
    yield "sgd_nesterov", case(
        "sgd_nesterov", {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
        lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True))
    yield "adam", case("adam", {"type": "adam", "learning_rate": 0.01, "epsilon": 1e-12},
                       lambda p: torch.optim.Adam(p, 0.01, eps=1e-12))


def cases():
    yield from core_cases()
    yield from golden_more_optimizers.cases()
    yield from golden_layer_rates.cases()
