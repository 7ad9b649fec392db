"""One case of a loss: the sum over the rows of weight x loss, and its gradient with respect to the outputs."""

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
