"""Cases of metrics: the value over all rows, by a formula."""
import torch

import golden_class_metrics
import golden_value_metrics
from draw import Draw
from metric_case import case

ROWS = 200


def core_cases():
    draw = Draw("classes")
    outputs, labels = torch.softmax(draw.normal(ROWS, 5), 1), draw.integers(5, ROWS)
    right = (outputs.argmax(1) == labels).double()
    weights = draw.uniform(ROWS)
    yield "sparse_categorical_accuracy", case("sparse_categorical_accuracy", outputs, labels, right.mean())
    yield "sparse_categorical_accuracy_weighted", case(
        "sparse_categorical_accuracy", outputs, labels, (right * weights).sum() / weights.sum(), weights)


def cases():
    yield from core_cases()
    yield from golden_class_metrics.cases()
    yield from golden_value_metrics.cases()
