"""Cases of metrics: the value over all rows, by a formula."""
import torch

from draw import Draw

ROWS = 200


def case(metric, outputs, targets, value, weights=None, tolerance=1e-6):
    made = {"metric": metric, "rows": len(outputs), "outputs": outputs, "targets": targets, "value": float(value),
            "tolerance": tolerance}
    return made if weights is None else {**made, "weights": weights}


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
