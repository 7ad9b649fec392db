"""Cases of convolutions. Kernels as Keras has them: [taps..., channels in, channels out]."""
import torch
import torch.nn.functional as F

from draw import Draw
from layer_case import case

CONVOLVE = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def each(value, axes):
    return list(value) if isinstance(value, (list, tuple)) else [value] * axes


def same_padding(pixels, span, stride):
    """TensorFlow's rule: the odd zero goes after."""
    total = max((-(-pixels // stride) - 1) * stride + span - pixels, 0)
    return total // 2, total - total // 2


def padded(x, spans, strides, padding):
    """x is channels first."""
    pads = []
    for pixels, span, stride in reversed(list(zip(x.shape[2:], spans, strides))):
        pads += {"valid": lambda: (0, 0), "causal": lambda: (span - 1, 0),
                 "same": lambda: same_padding(pixels, span, stride)}[padding]()
    return F.pad(x, pads)


def convolve(x, kernel, bias, layer, axes, groups):
    """`kernel` as PyTorch has it: [out, in of a group, taps...]."""
    strides, rates = each(layer.get("strides", 1), axes), each(layer.get("dilation_rate", 1), axes)
    spans = [(taps - 1) * rate + 1 for taps, rate in zip(kernel.shape[2:], rates)]
    images = padded(channels_first(x), spans, strides, layer.get("padding", "valid"))
    return channels_last(CONVOLVE[axes](images, kernel, bias, strides, 0, rates, groups))


ACTIVATIONS = {"linear": lambda z: z, "tanh": torch.tanh, "softmax": lambda z: torch.softmax(z, -1)}


def finished(name, layer, inputs, kernel_shape, outputs, function, **others):
    draw = Draw(name)
    weights = {"kernel": draw.normal(*kernel_shape, scale=0.5)}
    if layer.get("use_bias", True):
        weights["bias"] = draw.normal(outputs)
    activation = ACTIVATIONS[layer.get("activation", "linear")]
    return name, case(layer, inputs, weights,
                      lambda x, w: activation(function(x, w["kernel"], w.get("bias"))), **others)


def convolution(name, axes, inputs, filters, kernel_size, **options):
    layer = {"type": f"conv{axes}d", "filters": filters, "kernel_size": kernel_size, **options}
    groups = options.get("groups", 1)
    kernel = [*each(kernel_size, axes), inputs[-1] // groups, filters]
    return finished(name, layer, inputs, kernel, filters,
                    lambda x, w, b: convolve(x, w.movedim(-1, 0).movedim(-1, 1), b, layer, axes, groups))


def depthwise(name, inputs, kernel_size, **options):
    layer = {"type": "depthwise_conv2d", "kernel_size": kernel_size, **options}
    channels, times = inputs[-1], options.get("depth_multiplier", 1)
    return finished(name, layer, inputs, [*each(kernel_size, 2), channels, times], channels * times,
                    lambda x, w, b: convolve(x, w.flatten(2).movedim(-1, 0).unsqueeze(1), b, layer, 2,
                                             channels))


def transposed(name, inputs, filters, kernel_size, **options):
    """All of it, then cut (or, where windows leave gaps, filled up) to Keras' extents."""
    layer = {"type": "conv2d_transpose", "filters": filters, "kernel_size": kernel_size, **options}
    sizes, strides = each(kernel_size, 2), each(options.get("strides", 1), 2)

    def function(x, w, b):
        whole = F.conv_transpose2d(channels_first(x), w.movedim(-1, 0).movedim(-1, 1), None, strides)
        for axis, (pixels, taps, stride) in enumerate(zip(x.shape[1:], sizes, strides), 2):
            overhang = max(taps - stride, 0)
            same = options.get("padding") == "same"
            before, extent = (overhang // 2, pixels * stride) if same else (0, pixels * stride + overhang)
            missing = max(before + extent - whole.shape[axis], 0)
            whole = F.pad(whole, [0, missing, 0, 0] if axis == 3 else [0, 0, 0, missing])
            whole = whole.narrow(axis, before, extent)
        return channels_last(whole) + (0 if b is None else b)

    return finished(name, layer, inputs, [*sizes, filters, inputs[-1]], filters, function)


def cases():
    yield convolution("conv1d_valid", 1, [9, 3], 4, 3)
    yield convolution("conv1d_same_strided", 1, [9, 2], 3, 4, strides=2, padding="same",
                      activation="tanh")
    yield convolution("conv1d_causal_dilated", 1, [8, 2], 3, 3, padding="causal", dilation_rate=2)
    yield convolution("conv1d_kernel_wider_than_input", 1, [3, 2], 2, [8], padding="same")
    yield convolution("conv2d_valid", 2, [6, 5, 2], 3, 3)
    yield convolution("conv2d_one_channel", 2, [6, 7, 1], 3, [3, 3], activation="tanh")
    yield convolution("conv2d_same", 2, [5, 4, 3], 2, [2, 3], padding="same", use_bias=False)
    yield convolution("conv2d_same_strided", 2, [6, 7, 2], 3, 3, strides=[2, 3], padding="same")
    yield convolution("conv2d_strided", 2, [7, 6, 2], 3, [3, 2], strides=2)
    yield convolution("conv2d_dilated", 2, [7, 8, 2], 2, 3, dilation_rate=[2, 3], activation="softmax")
    yield convolution("conv2d_dilated_same", 2, [5, 6, 2], 2, 3, dilation_rate=2, padding="same")
    yield convolution("conv2d_groups", 2, [5, 4, 6], 4, 3, groups=2, padding="same")
    yield convolution("conv2d_pointwise", 2, [4, 3, 5], 4, 1, activation="tanh")
    yield convolution("conv2d_pointwise_groups", 2, [3, 4, 6], 4, 1, groups=2)
    yield convolution("conv2d_pointwise_strided", 2, [5, 4, 3], 2, 1, strides=2)
    yield convolution("conv2d_stride_over_kernel", 2, [7, 7, 2], 2, 2, strides=3)
    yield convolution("conv3d_valid", 3, [3, 4, 5, 2], 2, [2, 3, 2])
    yield convolution("conv3d_same_strided", 3, [4, 3, 5, 2], 2, 3, strides=[2, 1, 2], padding="same",
                      activation="tanh")
    yield convolution("conv3d_dilated_groups", 3, [3, 5, 4, 4], 2, 2, dilation_rate=[1, 2, 3], groups=2)
    yield depthwise("depthwise_conv2d_valid", [5, 6, 3], 3)
    yield depthwise("depthwise_conv2d_same_strided", [6, 5, 2], [3, 2], strides=2, padding="same",
                    activation="tanh")
    yield depthwise("depthwise_conv2d_multiplier", [5, 4, 3], 3, depth_multiplier=2, padding="same")
    yield depthwise("depthwise_conv2d_dilated", [7, 6, 2], 3, dilation_rate=2, use_bias=False)
    yield transposed("conv2d_transpose_valid", [4, 3, 2], 3, 3)
    yield transposed("conv2d_transpose_same_strided", [3, 4, 2], 3, [3, 4], strides=2, padding="same",
                     activation="tanh")
    yield transposed("conv2d_transpose_strided", [3, 4, 3], 2, [3, 2], strides=[2, 1], use_bias=False)
    yield transposed("conv2d_transpose_stride_over_kernel", [3, 2, 2], 2, 2, strides=3)
