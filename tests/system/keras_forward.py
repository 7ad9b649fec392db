"""Layers as Keras defines them, in NumPy and double precision: function(x, weights) for evaluation, not training."""

import itertools

import numpy

EPSILON = 1e-3  # of Keras' normalizations


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def softmax(x):
    e = numpy.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def dense(x, kernel, bias=0):
    return x @ kernel + bias


def windows(x, sizes):
    """(offsets, the part of x that lies under them) of every tap, of windows with stride 1 and without padding."""
    for taps in itertools.product(*map(range, sizes)):
        part = tuple(slice(tap, extent - size + tap + 1) for tap, size, extent in zip(taps, sizes, x.shape[1:]))
        yield taps, x[(slice(None), *part)]


def convolution(x, kernel, bias=0):
    """Any number of axes; kernel [sizes..., channels, filters]."""
    return sum(part @ kernel[taps] for taps, part in windows(x, kernel.shape[:-2])) + bias


def depthwise_conv2d(x, kernel, bias=0):
    """kernel [height, width, channels, multiplier]; the outputs of a channel are next to each other."""
    y = sum(part[..., None] * kernel[taps] for taps, part in windows(x, kernel.shape[:2]))
    return y.reshape(*y.shape[:-2], -1) + bias


def conv2d_transpose(x, kernel, bias=0, stride=2):
    """kernel [height, width, filters, channels]."""
    rows, height, width, _ = x.shape
    y = numpy.zeros((rows, (height - 1) * stride + kernel.shape[0], (width - 1) * stride + kernel.shape[1],
                     kernel.shape[2]))
    for i, j in numpy.ndindex(kernel.shape[:2]):
        y[:, i:i + (height - 1) * stride + 1:stride, j:j + (width - 1) * stride + 1:stride] += x @ kernel[i, j].T
    return y + bias


def batch_normalization(x, gamma, beta, moving_mean, moving_variance):
    return gamma * (x - moving_mean) / numpy.sqrt(moving_variance + EPSILON) + beta


def normalization(x, mean, variance, _count):
    return (x - mean) / numpy.sqrt(variance)


def standardized(x, axes):
    return (x - x.mean(axis=axes, keepdims=True)) / numpy.sqrt(x.var(axis=axes, keepdims=True) + EPSILON)


def layer_normalization(x, gamma, beta):
    return gamma * standardized(x, -1) + beta


def group_normalization(x, gamma, beta, groups=2):
    by_group = x.reshape(len(x), -1, groups, x.shape[-1] // groups)
    return gamma * standardized(by_group, (1, 3)).reshape(x.shape) + beta


def embedding(x, embeddings):
    return embeddings[x.astype(int)]


def prelu(x, alpha):
    return numpy.where(x > 0, x, alpha * x)


def simple_rnn(x, kernel, recurrent_kernel, bias):
    h = numpy.zeros((len(x), len(recurrent_kernel)))
    for t in range(x.shape[1]):
        h = numpy.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
    return h


def lstm(x, kernel, recurrent_kernel, bias):
    """The gates i, f, c, o."""
    h = c = numpy.zeros((len(x), len(recurrent_kernel)))
    for t in range(x.shape[1]):
        i, f, g, o = numpy.split(x[:, t] @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(g)
        h = sigmoid(o) * numpy.tanh(c)
    return h


def gru(x, kernel, recurrent_kernel, bias):
    """The gates z, r, h, with reset_after; bias [2, 3 units]: of the inputs, and of the state."""
    h = numpy.zeros((len(x), len(recurrent_kernel)))
    for t in range(x.shape[1]):
        z, r, g = numpy.split(x[:, t] @ kernel + bias[0], 3, axis=1)
        of_z, of_r, of_g = numpy.split(h @ recurrent_kernel + bias[1], 3, axis=1)
        z, r = sigmoid(z + of_z), sigmoid(r + of_r)
        h = z * h + (1 - z) * numpy.tanh(g + r * of_g)
    return h


def multi_head_attention(x, query, key, value, output):
    """Of x to itself; each argument is kernel and bias, kernels [features, heads, size], output's the other way."""
    q, k, v = (numpy.einsum("rtf,fhd->rhtd", x, kernel) + bias[:, None] for kernel, bias in (query, key, value))
    heads = softmax(q @ k.swapaxes(-1, -2) / numpy.sqrt(q.shape[-1])) @ v
    return numpy.einsum("rhtd,hdf->rtf", heads, output[0]) + output[1]
