"""Losses of training, step by step. Weights and batches come from a generator that takes no library: kernels are drawn
in the order of the layers, gammas start as 1 and the rest as 0; then inputs and targets of all samples are drawn.

The CNN has no relu and no max pooling: at their kinks the last bit decides which way training goes."""
import torch
import torch.nn.functional as F

from draw import Draw
from parts import (Chain, activation, attention, average_pooling2d, batch_normalization, conv2d, dense,
                   global_average_pooling, layer_normalization, lstm, residual)

SAMPLES, BATCH, STEPS = 64, 16, 200


class Lcg:
    """x = 1664525 x + 1013904223 mod 2^32 (Numerical Recipes); the upper 24 bits as a number in [-1, 1)."""

    def __init__(self):
        self.state = 1

    def draw(self, *shape):
        values = []
        for _ in range(torch.Size(shape).numel()):
            self.state = (1664525 * self.state + 1013904223) % 2 ** 32
            values.append((self.state >> 8) / 2 ** 23 - 1)
        return torch.tensor(values).reshape(shape)


def start(model, lcg, scale):
    def value(name, shape):
        if name.endswith("kernel"):
            return scale * lcg.draw(*shape)
        return torch.full(shape, 1.0 if name.endswith(("gamma", "moving_variance")) else 0.0)

    return {name: value(name, tensor.shape).requires_grad_()
            for name, tensor in model.weights(Draw("shapes")).items()}


def classification(logits, targets):
    """Of the numbers in [-1, 1), even parts are the classes."""
    classes = logits.shape[1]
    return F.cross_entropy(logits, ((targets[:, 0] + 1) / 2 * classes).long())


def squares(outputs, targets):
    return (outputs - targets).square().mean()


def trajectory(name, inputs, parts, scale, loss, optimizer, make):
    """`make(weights)` gives PyTorch's optimizer."""
    model, lcg = Chain(*parts), Lcg()
    weights = start(model, lcg, scale)
    x, targets = lcg.draw(SAMPLES, *inputs), lcg.draw(SAMPLES, 1)
    walker, losses = make([tensor for key, tensor in weights.items() if "moving" not in key]), []
    for step in range(STEPS):
        rows = slice(step * BATCH % SAMPLES, step * BATCH % SAMPLES + BATCH)
        walker.zero_grad()
        value = loss(model.run(x[rows], weights), targets[rows])
        value.backward()
        walker.step()
        losses.append(value.item())
    classes = parts[-1].layer["units"] if loss is classification else 0
    layers = [*model.layers, *([{"type": "softmax"}] if classes else [])]
    return name, {"model": {"input": inputs, "layers": layers}, "optimizer": optimizer,
                  "loss": "sparse_categorical_crossentropy" if classes else "mean_squared_error",
                  "classes": classes, "scale": scale, "samples": SAMPLES, "batch": BATCH, "losses": losses}


def cases():
    yield trajectory("mlp_adam", [10], [dense(10, 32, "tanh"), dense(32, 16, "relu"), dense(16, 4)], 0.5,
                     classification, {"type": "adam", "learning_rate": 0.01, "epsilon": 1e-10},
                     lambda w: torch.optim.Adam(w, 0.01, eps=1e-10))
    yield trajectory("cnn_sgd", [8, 8, 2], [
        conv2d(2, 8, 3, padding="same"), batch_normalization(8), activation("gelu"), average_pooling2d(),
        conv2d(8, 8, 3), batch_normalization(8), activation("gelu"), global_average_pooling(2), dense(8, 3)], 0.5,
        classification, {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
        lambda w: torch.optim.SGD(w, 0.05, momentum=0.9))
    yield trajectory("lstm_rmsprop", [6, 3], [lstm(3, 8), dense(8, 1)], 0.5, squares,
                     {"type": "rmsprop", "learning_rate": 0.005, "epsilon": 1e-14},
                     lambda w: torch.optim.RMSprop(w, 0.005, alpha=0.9, eps=1e-30))
    yield trajectory("attention_adamw", [5, 4], [
        residual(layer_normalization(4), attention(4, 2, 4)),
        residual(layer_normalization(4), dense(4, 16, "gelu"), dense(16, 4)),
        global_average_pooling(1), dense(4, 3)], 0.5, classification,
        {"type": "adamw", "learning_rate": 0.005, "weight_decay": 0.01, "epsilon": 1e-10},
        lambda w: torch.optim.AdamW(w, 0.005, eps=1e-10, weight_decay=0.01))
