"""Cases of metrics of classifiers: from their definitions, one threshold and one class after the other."""
import torch

from draw import Draw
from metric_case import case

ROWS = 83
EXACT = 2e-9  # the weights are written with 9 digits


def ratio(part, whole):
    return torch.where(whole > 0, part / whole.clamp(min=1e-300), torch.zeros_like(part))


class Counts:
    """Weights of true and false positives and negatives at each threshold."""

    def __init__(self, outputs, targets, weights, thresholds):
        outputs, targets = outputs[None], targets[None].bool()
        above = outputs > torch.as_tensor(thresholds)[:, None, None]
        weigh = lambda chosen: (chosen * weights[:, None]).sum((1, 2))
        self.tp, self.fp = weigh(above & targets), weigh(above & ~targets)
        self.fn, self.tn = weigh(~above & targets), weigh(~above & ~targets)
        self.recall, self.precision = ratio(self.tp, self.tp + self.fn), ratio(self.tp, self.tp + self.fp)
        self.specificity, self.fallout = ratio(self.tn, self.tn + self.fp), ratio(self.fp, self.fp + self.tn)


def even_thresholds(count, margin):
    return [-margin] + [i / (count - 1) for i in range(1, count - 1)] + [1 + margin]


def area(counts, curve, method):
    if curve == "PR" and method == "interpolation":
        predicted = counts.tp + counts.fp
        gained, covered = counts.tp[:-1] - counts.tp[1:], predicted[:-1] - predicted[1:]
        slope = ratio(gained, covered)
        both = (predicted[:-1] > 0) & (predicted[1:] > 0)
        quotient = torch.where(both, predicted[:-1] / predicted[1:], torch.ones(len(gained)))
        pieces = slope * (gained + (counts.tp[1:] - slope * predicted[1:]) * quotient.log())
        return pieces.sum() / (counts.tp + counts.fn)[0]
    x, y = (counts.fallout, counts.recall) if curve == "ROC" else (counts.recall, counts.precision)
    height = {"interpolation": (y[:-1] + y[1:]) / 2, "minoring": torch.minimum(y[:-1], y[1:]),
              "majoring": torch.maximum(y[:-1], y[1:])}[method]
    return ((x[:-1] - x[1:]) * height).sum()


def binary(name, columns=1, weighted=False, logits=False):
    draw = Draw(name)
    targets = draw.integers(2, ROWS, columns)
    score = (1.5 * targets - 0.75 + draw.normal(ROWS, columns)).float().double()
    outputs = score if logits else torch.sigmoid(score).float().double()
    return outputs, targets, draw.uniform(ROWS) if weighted else torch.ones(ROWS)


def area_cases():
    for curve in ("ROC", "PR"):
        for method in ("interpolation", "minoring", "majoring"):
            for count, columns, weighted in ((200, 1, False), (7, 2, True)):
                name = f"auc_{curve.lower()}_{method}_{count}"
                outputs, targets, weights = binary(name, columns, weighted)
                counts = Counts(outputs, targets, weights, even_thresholds(count, 1e-7))
                keys = {"type": "auc", "curve": curve, "summation_method": method, "num_thresholds": count}
                yield name, case(keys, outputs, targets, area(counts, curve, method), weights if weighted else None,
                                 EXACT)
    outputs, targets, weights = binary("auc_logits", logits=True)
    counts = Counts(torch.sigmoid(outputs), targets, weights, even_thresholds(200, 1e-7))
    yield "auc_from_logits", case({"type": "auc", "from_logits": True}, outputs, targets,
                                  area(counts, "ROC", "interpolation"), None, EXACT)


def rate_at_cases():
    for type_, least, wanted in (("sensitivity_at_specificity", "specificity", "recall"),
                                 ("specificity_at_sensitivity", "recall", "specificity"),
                                 ("precision_at_recall", "recall", "precision"),
                                 ("recall_at_precision", "precision", "recall")):
        for count, columns, weighted in ((200, 1, False), (20, 3, True)):
            name = f"{type_}_{count}"
            outputs, targets, weights = binary(name, columns, weighted)
            chosen = slice(None) if columns == 1 else slice(1, 2)
            counts = Counts(outputs[:, chosen], targets[:, chosen], weights, even_thresholds(count, 0.0))
            met = getattr(counts, least) >= 0.7
            keys = {"type": type_, type_.split("_at_")[1]: 0.7, "num_thresholds": count}
            if columns > 1:
                keys["class_id"] = 1
            yield name, case(keys, outputs, targets, getattr(counts, wanted)[met].max(),
                             weights if weighted else None, EXACT)


def count_cases():
    for type_, key in (("true_positives", "tp"), ("false_positives", "fp"), ("true_negatives", "tn"),
                       ("false_negatives", "fn")):
        outputs, targets, weights = binary(type_, 2, True)
        for threshold in (0.5, 0.3):
            value = getattr(Counts(outputs, targets, weights, [threshold]), key)[0]
            keys = type_ if threshold == 0.5 else {"type": type_, "threshold": threshold}
            yield f"{type_}_{round(100 * threshold)}", case(keys, outputs, targets, value, weights, 1e-6)


def top_rate_cases():
    for type_ in ("precision", "recall"):
        for name, keys in (("top_2", {"top_k": 2}), ("top_3_class_1", {"top_k": 3, "class_id": 1}),
                           ("class_2", {"class_id": 2, "threshold": 0.6})):
            outputs, targets, weights = binary(f"{type_}_{name}", 5, True)
            largest = torch.full_like(outputs, -1.0)
            chosen = outputs.topk(keys.get("top_k", 5), dim=1)
            largest.scatter_(1, chosen.indices, chosen.values)
            column = slice(keys["class_id"], keys["class_id"] + 1) if "class_id" in keys else slice(None)
            counts = Counts(largest[:, column], targets[:, column], weights, [keys.get("threshold", -0.5)])
            yield f"{type_}_{name}", case({"type": type_, **keys}, outputs, targets,
                                          getattr(counts, type_)[0], weights, EXACT)


def f_score(predicted, actual, weights, beta, average):
    """Both [rows, classes] of 0 or 1."""
    hits = (predicted * actual * weights[:, None]).sum(0)
    claimed, support = (predicted * weights[:, None]).sum(0), (actual * weights[:, None]).sum(0)
    if average == "micro":
        hits, claimed, support = hits.sum()[None], claimed.sum()[None], support.sum()[None]
    precision, recall = ratio(hits, claimed), ratio(hits, support)
    scores = (1 + beta ** 2) * ratio(precision * recall, beta ** 2 * precision + recall)
    return (scores * support).sum() / support.sum() if average == "weighted" else scores.mean()


def f_score_cases():
    one_hot = torch.nn.functional.one_hot
    for average in ("macro", "micro", "weighted"):
        draw = Draw(f"f_score_{average}")
        labels, weights = draw.integers(4, ROWS), draw.uniform(ROWS)
        actual = one_hot(labels, 5).double()  # the last class does not occur
        outputs = torch.softmax(actual + draw.normal(ROWS, 5), 1).float().double()
        predicted = one_hot(outputs.argmax(1), 5).double()
        yield f"f1_{average}", case({"type": "f1_score", "average": average}, outputs, labels,
                                    f_score(predicted, actual, torch.ones(ROWS), 1.0, average), None, EXACT)
        yield f"fbeta_{average}", case(
            {"type": "fbeta_score", "average": average, "beta": 2.0, "threshold": 0.3}, outputs, actual,
            f_score((outputs > 0.3).double(), actual, weights, 2.0, average), weights, EXACT)


def top_k_cases():
    draw = Draw("top_k")
    outputs, labels, weights = draw.normal(ROWS, 12), draw.integers(12, ROWS), draw.uniform(ROWS)
    for k in (1, 3, 5):
        hits = (outputs.topk(k, dim=1).indices == labels[:, None]).any(1).double()
        yield f"sparse_top_{k}", case({"type": "sparse_top_k_categorical_accuracy", "k": k}, outputs, labels,
                                      hits.mean(), None, EXACT)
    yield "top_5_weighted", case("top_k_categorical_accuracy", outputs, torch.nn.functional.one_hot(labels, 12),
                                 (hits * weights).sum() / weights.sum(), weights, EXACT)


def kappa(matrix, distance):
    chance = torch.outer(matrix.sum(1), matrix.sum(0)) / matrix.sum()
    return 1 - (distance * matrix).sum() / (distance * chance).sum()


def matrix_values(matrix, actual, predicted, weights):
    """The name of the case, what makes the metric, and its value."""
    hits, either = matrix.diag(), matrix.sum(0) + matrix.sum(1) - matrix.diag()
    recall, there = hits / matrix.sum(1), matrix.sum(1) > 0
    yield "mean_io_u", {}, (hits / either)[either > 0].mean()
    yield "io_u", {"target_class_ids": [0, 2]}, (hits / either)[[0, 2]].mean()
    yield "balanced_accuracy", {}, recall[there].mean()
    yield "class_recall", {"class_id": 1}, recall[1]
    steps = (torch.arange(len(hits))[:, None] - torch.arange(len(hits))[None]).abs().double()
    for weightage, distance in (("none", (steps > 0).double()), ("linear", steps), ("quadratic", steps ** 2)):
        yield "cohen_kappa", {"weightage": weightage}, kappa(matrix, distance)
    # The correlation of one-hot vectors, summed over the classes: the definition of Gorodkin, 2004.
    centred = lambda hot: hot - (weights[:, None] * hot).sum(0) / weights.sum()
    x, y = (centred(torch.nn.functional.one_hot(labels, len(hits)).double()) for labels in (predicted, actual))
    product = lambda a, b: (weights[:, None] * a * b).sum()
    yield "matthews_correlation_coefficient", {}, product(x, y) / (product(x, x) * product(y, y)).sqrt()


def matrix_cases():
    for form in ("sparse", "one_hot_weighted"):
        draw = Draw(f"matrix_{form}")
        actual = draw.integers(4, ROWS)
        hot = torch.nn.functional.one_hot(actual, 5)  # no sample of the last class
        outputs = draw.normal(ROWS, 5) + 1.5 * hot
        outputs = outputs.float().double()
        weights = draw.uniform(ROWS) if form != "sparse" else torch.ones(ROWS)
        predicted = outputs.argmax(1)
        matrix = torch.zeros(5, 5).index_put((actual, predicted), weights, accumulate=True)
        for type_, keys, value in matrix_values(matrix, actual, predicted, weights):
            yield "_".join([type_, *filter(None, [keys.get("weightage")]), form]), case(
                {"type": type_, **keys}, outputs, actual if form == "sparse" else hot, value,
                None if form == "sparse" else weights, EXACT)


def cases():
    yield from area_cases()
    yield from rate_at_cases()
    yield from count_cases()
    yield from top_rate_cases()
    yield from f_score_cases()
    yield from top_k_cases()
    yield from matrix_cases()
