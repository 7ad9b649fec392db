"""One case of an optimizer: weights after each of some updates with given gradients."""
import torch

from draw import Draw

SIZE, UPDATES = 23, 6


def case(name, optimizer, make=None, update=None):
    """`make(parameters)` gives PyTorch's optimizer; or `update(weights, gradient, state, t)` the formula."""
    draw = Draw(name)
    weights = draw.normal(SIZE).requires_grad_()
    start = weights.detach().clone()
    gradients, steps, state = [], [], {}
    walker = make([weights]) if make else None
    for t in range(1, UPDATES + 1):
        gradient = draw.normal(SIZE, scale=0.5)
        gradients.append(gradient)
        if walker:
            weights.grad = gradient.clone()
            walker.step()
        else:
            with torch.no_grad():
                weights.copy_(update(weights.detach().clone(), gradient, state, t))
        steps.append(weights.detach().clone())
    return {"optimizer": optimizer, "weights": start, "gradients": gradients, "steps": steps}
