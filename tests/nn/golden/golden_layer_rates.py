"""Cases of the optimizers that scale steps to the norm of each weight: the formulas of Keras and of the LARS paper."""
from optimizer_case import case


def lamb(weights, g, state, t, rate=0.01, beta_1=0.8, beta_2=0.95, epsilon=1e-3):
    state["m"] = beta_1 * state.get("m", 0.0) + (1 - beta_1) * g
    state["v"] = beta_2 * state.get("v", 0.0) + (1 - beta_2) * g**2
    direction = state["m"] / (1 - beta_1**t) / ((state["v"] / (1 - beta_2**t)).sqrt() + epsilon)
    return weights - rate * weights.norm() / direction.norm() * direction


def lars(weights, g, state, t, rate=0.5, momentum=0.8, decay=0.1, trust_coefficient=0.02, epsilon=0.05):
    trust = trust_coefficient * weights.norm() / (g.norm() + decay * weights.norm() + epsilon)
    state["v"] = momentum * state.get("v", 0.0) - rate * trust * (g + decay * weights)
    return weights + state["v"]


def cases():
    yield "lamb", case(
        "lamb", {"type": "lamb", "learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}, update=lamb)
    yield "lars", case(
        "lars", {"type": "lars", "learning_rate": 0.5, "momentum": 0.8, "weight_decay": 0.1,
                 "trust_coefficient": 0.02, "epsilon": 0.05}, update=lars)
    yield "lars_plain", case(
        "lars_plain", {"type": "lars", "learning_rate": 0.5, "momentum": 0.0},
        update=lambda w, g, state, t: lars(w, g, {}, t, 0.5, 0.0, 0.0, 0.001, 0.0))
