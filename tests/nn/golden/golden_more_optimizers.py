"""Cases of the optimizers besides sgd and adam: PyTorch where its rule is Keras', else the formula. Where the two
add epsilon in different places it is too small to matter. PyTorch 1.13 multiplies one momentum of NAdam twice, except
in its implementation over lists ("foreach")."""
import torch

from optimizer_case import case

TINY = 1e-12


def adamax(weights, g, state, t, rate=0.01, beta_1=0.8, beta_2=0.95, epsilon=1e-3):
    state["m"] = beta_1 * state.get("m", 0.0) + (1 - beta_1) * g
    state["u"] = torch.maximum(beta_2 * state.get("u", torch.zeros_like(g)), g.abs())
    return weights - rate / (1 - beta_1**t) * state["m"] / (state["u"] + epsilon)


def adam_epsilon(weights, g, state, t, rate=0.01, epsilon=1e-2):
    state["m"] = 0.9 * state.get("m", 0.0) + 0.1 * g
    state["v"] = 0.999 * state.get("v", 0.0) + 0.001 * g**2
    alpha = rate * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)
    return weights - alpha * state["m"] / (state["v"].sqrt() + epsilon)


def adagrad_epsilon(weights, g, state, t, rate=0.1, epsilon=0.05):
    state["s"] = state.get("s", 0.3) + g**2
    return weights - rate * g / (state["s"] + epsilon).sqrt()


def lion(weights, g, state, t, rate=0.01, beta_1=0.9, beta_2=0.99):
    m = state.get("m", torch.zeros_like(g))
    state["m"] = beta_2 * m + (1 - beta_2) * g
    return weights - rate * torch.sign(beta_1 * m + (1 - beta_1) * g)


def ftrl(weights, g, state, t, rate=0.1, start=0.1, l1=0.0, l2=0.0, shrinkage=0.0, beta=0.0):
    before = state.get("n", torch.full_like(g, start))
    state["n"] = before + g**2
    state["z"] = (state.get("z", 0.0) + g + 2 * shrinkage * weights
                  - (state["n"].sqrt() - before.sqrt()) / rate * weights)
    quadratic = state["n"].sqrt() / rate + 2 * (l2 + beta / (2 * rate))
    return (state["z"].clamp(-l1, l1) - state["z"]) / quadratic


def rmsprop(weights, g, state, t, rate=0.01, rho=0.8, momentum=0.3, epsilon=1e-3):
    state["v"] = rho * state.get("v", 0.0) + (1 - rho) * g**2
    state["a"] = rho * state.get("a", 0.0) + (1 - rho) * g
    state["m"] = momentum * state.get("m", 0.0) + rate * g / (state["v"] - state["a"] ** 2 + epsilon).sqrt()
    return weights - state["m"]


def pytorch_cases():
    yield "sgd_momentum", case("sgd_momentum", {"type": "sgd", "learning_rate": 0.1, "momentum": 0.8},
                               lambda p: torch.optim.SGD(p, 0.1, momentum=0.8))
    yield "rmsprop", case(
        "rmsprop", {"type": "rmsprop", "learning_rate": 0.01, "rho": 0.8, "epsilon": TINY},
        lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.8, eps=1e-30))
    yield "adam_amsgrad", case(
        "adam_amsgrad",
        {"type": "adam", "learning_rate": 0.1, "beta_1": 0.8, "beta_2": 0.6, "epsilon": TINY, "amsgrad": True},
        lambda p: torch.optim.Adam(p, 0.1, betas=(0.8, 0.6), eps=TINY, amsgrad=True))
    yield "adamw", case("adamw", {"type": "adamw", "learning_rate": 0.01, "epsilon": TINY},
                        lambda p: torch.optim.Adam(p, 0.01, eps=TINY))
    yield "nadam", case("nadam", {"type": "nadam", "learning_rate": 0.01, "epsilon": 1e-3},
                        lambda p: torch.optim.NAdam(p, 0.01, eps=1e-3, momentum_decay=1.0, foreach=True))
    yield "nadam_betas", case(
        "nadam_betas", {"type": "nadam", "learning_rate": 0.01, "beta_1": 0.7, "beta_2": 0.8, "epsilon": TINY},
        lambda p: torch.optim.NAdam(p, 0.01, betas=(0.7, 0.8), eps=TINY, momentum_decay=1.0, foreach=True))
    yield "adamax", case("adamax", {"type": "adamax", "learning_rate": 0.01, "epsilon": TINY},
                         lambda p: torch.optim.Adamax(p, 0.01, eps=TINY))
    yield "adagrad", case(
        "adagrad", {"type": "adagrad", "learning_rate": 0.1, "epsilon": TINY},
        lambda p: torch.optim.Adagrad(p, 0.1, initial_accumulator_value=0.1, eps=TINY))
    yield "adadelta", case(
        "adadelta", {"type": "adadelta", "learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-2},
        lambda p: torch.optim.Adadelta(p, 1.0, rho=0.9, eps=1e-2))


def formula_cases():
    yield "adam_epsilon", case("adam_epsilon", {"type": "adam", "learning_rate": 0.01, "epsilon": 1e-2},
                               update=adam_epsilon)
    yield "adamax_epsilon", case(
        "adamax_epsilon",
        {"type": "adamax", "learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}, update=adamax)
    yield "adagrad_epsilon", case(
        "adagrad_epsilon",
        {"type": "adagrad", "learning_rate": 0.1, "initial_accumulator_value": 0.3, "epsilon": 0.05},
        update=adagrad_epsilon)
    yield "lion", case("lion", {"type": "lion", "learning_rate": 0.01}, update=lion)
    yield "rmsprop_centered", case(
        "rmsprop_centered",
        {"type": "rmsprop", "learning_rate": 0.01, "rho": 0.8, "momentum": 0.3, "epsilon": 1e-3, "centered": True},
        update=rmsprop)
    yield "ftrl", case("ftrl", {"type": "ftrl", "learning_rate": 0.1}, update=ftrl)
    yield "ftrl_regularized", case(
        "ftrl_regularized",
        {"type": "ftrl", "learning_rate": 0.2, "initial_accumulator_value": 0.2,
         "l1_regularization_strength": 0.05, "l2_regularization_strength": 0.1,
         "l2_shrinkage_regularization_strength": 0.02, "beta": 0.3},
        update=lambda w, g, state, t: ftrl(w, g, state, t, 0.2, 0.2, 0.05, 0.1, 0.02, 0.3))


def cases():
    yield from pytorch_cases()
    yield from formula_cases()
