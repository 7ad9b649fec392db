"""Cases of losses that are a formula of Keras; PyTorch's function where it has the same one."""
import torch
import torch.nn.functional as F

import loss_case
from draw import Draw

ROWS, FEATURES = 6, 5
EPSILON = 1e-7


def both(name, loss, outputs, targets, function):
    """With and without sample weights."""
    yield name, loss_case.case(loss, outputs, targets, function)
    weights = Draw(name + " weights").uniform(ROWS, low=0.2, high=2.0)
    yield name + "_weighted", loss_case.case(loss, outputs, targets, function, weights)


def per_row(function, **keys):
    """A function of PyTorch that gives the loss of each element, as the mean over each row."""
    return lambda y, t: function(y, t, reduction="none", **keys).mean(1)


def regression():
    draw = Draw("regression")
    outputs, targets = draw.normal(ROWS, FEATURES), draw.normal(ROWS, FEATURES)
    positive = draw.uniform(ROWS, FEATURES, low=0.1, high=3.0)
    counts = draw.integers(5, ROWS, FEATURES).double()
    yield from both("huber", "huber", outputs, targets, per_row(F.huber_loss))
    yield from both("huber_delta", {"type": "huber", "delta": 0.3}, outputs, targets,
                    per_row(F.huber_loss, delta=0.3))
    yield from both("log_cosh", "log_cosh", outputs, targets,
                    lambda y, t: torch.log(torch.cosh(y - t)).mean(1))
    yield "log_cosh_far", loss_case.case("log_cosh", 300 * outputs, targets,
                                             lambda y, t: ((y - t).abs() + F.softplus(-2 * (y - t).abs())
                                                           - torch.log(torch.tensor(2.0))).mean(1))
    yield from both("poisson", "poisson", positive, counts,
                    per_row(F.poisson_nll_loss, log_input=False, eps=EPSILON))

    def mape(y, t):
        return 100 * ((y - t) / t.abs().clamp(min=EPSILON)).abs().mean(1)

    yield from both("mean_absolute_percentage_error", "mape", outputs, targets, mape)
    yield "mape_of_zero", loss_case.case("mape", positive, counts, mape)

    def msle(y, t):
        return (torch.log1p(y.clamp(min=EPSILON)) - torch.log1p(t.clamp(min=EPSILON))).square().mean(1)

    yield from both("mean_squared_logarithmic_error", "msle", positive, counts, msle)
    yield "msle_clipped", loss_case.case("msle", outputs, targets, msle)
    yield from both("cosine_similarity", "cosine_similarity", outputs, targets,
                    lambda y, t: -F.cosine_similarity(y, t, dim=1))
    zero = outputs.clone()
    zero[2] = 0
    yield "cosine_similarity_of_zero", loss_case.case(
        "cosine_similarity", zero, targets, lambda y, t: -F.cosine_similarity(y, t, dim=1, eps=EPSILON))


def hinges():
    draw = Draw("hinges")
    outputs, zero_or_one = draw.normal(ROWS, FEATURES), draw.integers(2, ROWS, FEATURES).double()
    signs = 2 * zero_or_one - 1
    for name, power in {"hinge": 1, "squared_hinge": 2}.items():
        def function(y, t, p=power):
            return (1 - signs * y).clamp(min=0).pow(p).mean(1)
        yield from both(name, name, outputs, signs, function)
        yield name + "_of_zero_or_one", loss_case.case(name, outputs, zero_or_one, function)

    def categorical_hinge(y, t):
        return (1 + ((1 - t) * y).amax(1) - (t * y).sum(1)).clamp(min=0)

    one_hot = F.one_hot(draw.integers(FEATURES, ROWS), FEATURES).double()
    outputs[-1] += 9 * one_hot[-1]  # the last row is right
    yield from both("categorical_hinge", "categorical_hinge", outputs, one_hot, categorical_hinge)


def probabilities():
    draw = Draw("probabilities")
    logits = draw.normal(ROWS, FEATURES, scale=2.0)
    p, q = torch.softmax(logits, 1), torch.softmax(draw.normal(ROWS, FEATURES), 1)
    p, q = p.float().double(), q.float().double()
    yield from both("kl_divergence", "kld", p, q,
                    lambda y, t: F.kl_div(y.log(), t, reduction="none").sum(1))

    def clipped(y, t):
        y, t = y.clamp(EPSILON, 1), t.clamp(EPSILON, 1)
        return (t * torch.log(t / y)).sum(1)

    beyond = 1.5 * draw.uniform(ROWS, FEATURES) - 0.25
    yield "kl_divergence_clipped", loss_case.case(
        "kl_divergence", beyond, draw.integers(2, ROWS, FEATURES).double(), clipped)
    mask = draw.integers(2, ROWS, FEATURES).double()
    outputs = draw.uniform(ROWS, FEATURES)

    def tversky(y, t, alpha=0.5, beta=0.5):
        both_of, missed, wrong = (t * y).sum(1), (t * (1 - y)).sum(1), ((1 - t) * y).sum(1)
        return 1 - both_of / (both_of + alpha * missed + beta * wrong + EPSILON)

    yield from both("dice", "dice", outputs, mask,
                    lambda y, t: 1 - 2 * (t * y).sum(1) / (t.sum(1) + y.sum(1) + EPSILON))
    yield from both("tversky", "tversky", outputs, mask, tversky)
    yield "tversky_alpha_beta", loss_case.case(
        {"type": "tversky", "alpha": 0.3, "beta": 0.9}, outputs, mask, lambda y, t: tversky(y, t, 0.3, 0.9))


def binary_focal(y, t, alpha=0.25, gamma=2.0, apply_class_balancing=False, from_logits=False,
                 label_smoothing=0.0):
    t = t * (1 - label_smoothing) + label_smoothing / 2
    y = torch.sigmoid(y) if from_logits else y
    entropy = F.binary_cross_entropy(y.clamp(EPSILON, 1 - EPSILON), t, reduction="none")
    right = t * y + (1 - t) * (1 - y)
    weight = t * alpha + (1 - t) * (1 - alpha) if apply_class_balancing else 1
    return (weight * (1 - right) ** gamma * entropy).mean(1)


def categorical_focal(y, t, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0):
    t = t * (1 - label_smoothing) + label_smoothing / FEATURES
    y = torch.softmax(y, 1) if from_logits else y / y.sum(1, keepdim=True)
    y = y.clamp(EPSILON, 1 - EPSILON)
    return -(alpha * (1 - y) ** gamma * t * y.log()).sum(1)


def focal():
    draw = Draw("focal")
    logits = draw.normal(ROWS, FEATURES, scale=2.0)
    outputs = draw.uniform(ROWS, FEATURES, low=0.02, high=0.98)
    labels = {"binary": draw.integers(2, ROWS, FEATURES).double(),
              "categorical": F.one_hot(draw.integers(FEATURES, ROWS), FEATURES).double()}
    for kind, function in {"binary": binary_focal, "categorical": categorical_focal}.items():
        loss = {"type": kind + "_focal_crossentropy"}
        options = {"": {}, "_gamma": {"gamma": 0.5}, "_no_gamma": {"gamma": 0.0}, "_alpha": {"alpha": 0.7},
                   "_smooth": {"label_smoothing": 0.2}, "_logits": {"from_logits": True},
                   "_logits_smooth": {"from_logits": True, "label_smoothing": 0.1, "gamma": 1.5}}
        if kind == "binary":
            options["_balanced"] = {"apply_class_balancing": True, "alpha": 0.7}
        for name, keys in options.items():
            y = logits if "from_logits" in keys else outputs
            yield from both(f"{kind}_focal{name}", {**loss, **keys}, y, labels[kind],
                            lambda y, t, k=keys, f=function: f(y, t, **k))


def cases():
    yield from regression()
    yield from hinges()
    yield from probabilities()
    yield from focal()
