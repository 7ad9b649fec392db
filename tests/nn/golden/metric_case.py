"""What a case of a metric consists of."""


def case(metric, outputs, targets, value, weights=None, tolerance=1e-6):
    made = {"metric": metric, "rows": len(outputs), "outputs": outputs, "targets": targets, "value": float(value),
            "tolerance": tolerance}
    return made if weights is None else {**made, "weights": weights}
