"""Cases of recurrent layers: PyTorch's have other shapes, and the gates of a GRU in another order."""
import torch

from draw import Draw
from layer_case import case

HIDDEN_SCALE = 0.4


def weights_of(draw, features, units, gates, bias_rows):
    """As Keras has them; bias_rows is 0 without a bias."""
    width = gates * units
    weights = {"kernel": draw.normal(features, width, scale=HIDDEN_SCALE),
               "recurrent_kernel": draw.normal(units, width, scale=HIDDEN_SCALE)}
    if bias_rows:
        weights["bias"] = draw.normal(*([bias_rows, width] if bias_rows > 1 else [width]), scale=HIDDEN_SCALE)
    return weights


def reordered(tensor, order):
    """The last axis, gate by gate: order[i] is the place in Keras of PyTorch's gate i."""
    blocks = tensor.chunk(len(order), -1)
    return torch.cat([blocks[place] for place in order], -1)


def torch_parameters(w, order):
    """weight_ih, weight_hh, bias_ih, bias_hh of torch.lstm and the like."""
    bias = w.get("bias", torch.zeros(w["kernel"].shape[1]))
    bias, recurrent_bias = bias if bias.dim() == 2 else (bias, torch.zeros_like(bias))
    kernels = [reordered(w[name], order).T for name in ("kernel", "recurrent_kernel")]
    return kernels + [reordered(bias, order), reordered(recurrent_bias, order)]


def states(cell, x, w, units, order):
    """All states [rows, time, units]."""
    zeros = torch.zeros(1, len(x), units)
    start = (zeros, zeros) if cell is torch.lstm else zeros
    return cell(x, start, torch_parameters(w, order), True, 1, 0.0, True, False, True)[0]


def recurrent(kind, name, cell, order, bias_rows, inputs, units, **options):
    weights = weights_of(Draw(name), inputs[-1], units, len(order), bias_rows if options.get("use_bias", True) else 0)

    def function(x, w):
        h = states(cell, x.flip(1) if options.get("go_backwards") else x, w, units, order)
        return h if options.get("return_sequences") else h[:, -1]

    layer = {"type": kind, "units": units, **options}
    return name, case(layer, inputs, weights, function)


def lstm(name, inputs, units, **options):
    return recurrent("lstm", name, torch.lstm, [0, 1, 2, 3], 1, inputs, units, **options)


def gru(name, inputs, units, **options):
    return recurrent("gru", name, torch.gru, [1, 0, 2], 2, inputs, units, **options)


def simple_rnn(name, inputs, units, **options):
    return recurrent("simple_rnn", name, torch.rnn_tanh, [0], 1, inputs, units, **options)


def lstm_with_activations(name, inputs, units):
    """Activations that PyTorch's has not."""
    weights = weights_of(Draw(name), inputs[-1], units, 4, 1)

    def function(x, w):
        h = c = torch.zeros(len(x), units)
        for t in range(inputs[0]):
            i, f, g, o = (x[:, t] @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"]).chunk(4, 1)
            c = torch.tanh(f) * c + torch.tanh(i) * torch.sigmoid(g)
            h = torch.tanh(o) * torch.sigmoid(c)
        return h

    layer = {"type": "lstm", "units": units, "activation": "sigmoid", "recurrent_activation": "tanh"}
    return name, case(layer, inputs, weights, function)


def gru_with_activations(name, inputs, units):
    weights = weights_of(Draw(name), inputs[-1], units, 3, 2)

    def function(x, w):
        h = torch.zeros(len(x), units)
        for t in range(inputs[0]):
            z, r, g = (x[:, t] @ w["kernel"] + w["bias"][0]).chunk(3, 1)
            of_z, of_r, of_g = (h @ w["recurrent_kernel"] + w["bias"][1]).chunk(3, 1)
            z, r = torch.tanh(z + of_z), torch.tanh(r + of_r)
            h = z * h + (1 - z) * torch.sigmoid(g + r * of_g)
        return h

    layer = {"type": "gru", "units": units, "activation": "sigmoid", "recurrent_activation": "tanh"}
    return name, case(layer, inputs, weights, function)


def cases():
    for cell in (lstm, gru, simple_rnn):
        name = cell.__name__
        yield cell(name, [5, 3], 4)
        yield cell(f"{name}_one_step", [1, 3], 2)
        yield cell(f"{name}_sequences", [4, 1], 5, return_sequences=True)
        yield cell(f"{name}_without_bias", [3, 2], 3, use_bias=False)
        yield cell(f"{name}_backwards", [4, 2], 3, go_backwards=True)
        yield cell(f"{name}_backwards_sequences", [4, 2], 3, go_backwards=True, return_sequences=True)
    yield lstm_with_activations("lstm_activations", [3, 2], 3)
    yield gru_with_activations("gru_activations", [3, 2], 3)
