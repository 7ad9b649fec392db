"""Cases of normalizations. Channels are the last axis here, the second one in PyTorch."""
import torch
import torch.nn.functional as F

from draw import Draw
from layer_case import case

EPSILON = 1e-3


def affine(draw, channels, scale=True, center=True):
    weights = {}
    if scale:
        weights["gamma"] = draw.uniform(channels, low=0.5, high=1.5)
    if center:
        weights["beta"] = draw.normal(channels)
    return weights


def channels_second(x):
    return x.movedim(-1, 1)


def batch(name, inputs, training, rows=5, x=None, **options):
    """The "gradients" of the moving averages are rows x the statistic that they follow."""
    draw = Draw(name)
    channels = inputs[-1]
    trained = affine(draw, channels, options.get("scale", True), options.get("center", True))
    weights = {**trained, "moving_mean": draw.normal(channels), "moving_variance": draw.uniform(channels, low=0.5)}

    def function(x, w):
        y = F.batch_norm(channels_second(x), w["moving_mean"].detach().clone(), w["moving_variance"].detach().clone(),
                         w.get("gamma"), w.get("beta"), training=training, eps=options.get("epsilon", EPSILON))
        return y.movedim(1, -1)

    layer = {"type": "batch_normalization", **options}
    made = case(layer, inputs, weights, function, rows=rows, training=training, x=x)
    if training:
        by_channel = made["x"].detach().reshape(-1, channels)
        made["weights"]["moving_mean"]["gradient"] = rows * by_channel.mean(0)
        made["weights"]["moving_variance"]["gradient"] = rows * by_channel.var(0, unbiased=True)
    return made


def batch_cases():
    yield "batch_normalization", batch("batch", [4], True)
    yield "batch_normalization_evaluation", batch("batch_evaluation", [4], False)
    yield "batch_normalization_image", batch("batch_image", [3, 2, 19], True)
    yield "batch_normalization_many_rows", batch("batch_rows", [67, 1], True, rows=2)
    yield "batch_normalization_image_evaluation", batch("batch_image_evaluation", [3, 2, 5], False)
    yield "batch_normalization_only_scale", batch("batch_scale", [2, 4], True, center=False)
    yield "batch_normalization_only_center", batch("batch_center", [2, 4], True, scale=False, epsilon=0.1)
    yield "batch_normalization_bare", batch("batch_bare", [2, 4], True, scale=False, center=False)
    # With a mean of a hundred deviations, E[x^2] - E[x]^2 would lose digits of the variance. Of 16 values, so that
    # the mean is a float.
    far = 128 + Draw("batch_far").integers(64, 4, 4, 3).double() / 32
    yield "batch_normalization_far_from_zero", {**batch("batch_far", [4, 3], True, rows=4, x=far), "smooth": False}


def layer(name, inputs, **options):
    weights = affine(Draw(name), inputs[-1], options.get("scale", True), options.get("center", True))
    return case({"type": "layer_normalization", **options}, inputs, weights,
                lambda x, w: F.layer_norm(x, inputs[-1:], w.get("gamma"), w.get("beta"),
                                          options.get("epsilon", EPSILON)))


def layer_cases():
    yield "layer_normalization", layer("layer", [37])
    yield "layer_normalization_positions", layer("layer_positions", [3, 2, 5])
    yield "layer_normalization_only_scale", layer("layer_scale", [2, 4], center=False, epsilon=0.1)
    yield "layer_normalization_bare", layer("layer_bare", [2, 18], scale=False, center=False)


def group(name, inputs, groups, **options):
    weights = affine(Draw(name), inputs[-1], options.get("scale", True), options.get("center", True))

    def function(x, w):
        gamma = w.get("gamma", torch.ones(inputs[-1]))  # with beta alone, PyTorch 1.13 fails
        y = F.group_norm(channels_second(x), inputs[-1] if groups == -1 else groups, gamma, w.get("beta"),
                         options.get("epsilon", EPSILON))
        return y.movedim(1, -1)

    return case({"type": "group_normalization", "groups": groups, **options}, inputs, weights, function)


def group_cases():
    yield "group_normalization", group("group", [12], 2)
    yield "group_normalization_image", group("group_image", [3, 2, 18], 3)
    yield "group_normalization_one", group("group_one", [67, 2], 1)
    yield "group_normalization_instance", group("group_instance", [5, 4], -1)
    yield "group_normalization_only_center", group("group_center", [2, 4], 2, scale=False, epsilon=0.1)


def fixed(name, inputs, features, given=False, **options):
    """Keras' Normalization: mean and variance do not change, and have no gradients."""
    draw = Draw(name)
    moments = {"mean": draw.normal(*features), "variance": draw.uniform(*features, low=0.5)}
    layer = {"type": "normalization", **options}
    if given:
        layer.update({key: value.tolist() for key, value in moments.items()})

    def function(x, w):
        mean, deviation = moments["mean"], moments["variance"].sqrt()
        return x * deviation + mean if options.get("invert") else (x - mean) / deviation

    return case(layer, inputs, {} if given else moments, function)


def fixed_cases():
    yield "normalization", fixed("fixed", [7], [7])
    yield "normalization_image", fixed("fixed_image", [3, 2, 5], [5])
    yield "normalization_scalar", fixed("fixed_scalar", [3, 4], [], axis="none")
    yield "normalization_given", fixed("fixed_given", [3, 2], [2], given=True)
    yield "normalization_invert", fixed("fixed_invert", [2, 3], [3], invert=True)


def cases():
    yield from batch_cases()
    yield from fixed_cases()
    yield from layer_cases()
    yield from group_cases()
