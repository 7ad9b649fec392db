"""Cases of layers made of layers."""
from draw import Draw
from layer_case import case
from parts import (activation, batch_normalization, concatenate, conv2d, dense, reshape, residual)


def made(name, part, inputs, **others):
    result = case(part.layer, inputs, part.weights(Draw(name)), part.run, **others)
    if others.get("training", True):
        for weight, gradient in part.statistics().items():
            result["weights"][weight]["gradient"] = gradient
    return name, result


def residual_cases():
    yield made("residual", residual(dense(4, 6, "tanh"), dense(6, 4)), [4])
    yield made("residual_of_views", residual(reshape(6), dense(6, 6, "tanh"), reshape(3, 2)), [3, 2])
    yield made("residual_softmax", residual(dense(4, 4), activation="softmax"), [3, 4])
    yield made("residual_silu", residual(
        dense(4, 3, "tanh"), shortcut=[dense(4, 3, "silu")], activation="silu"), [2, 4])
    yield made("residual_pre_activation", residual(
        activation("tanh"), dense(4, 4), shortcut=[activation("sigmoid")]), [4])
    yield made("residual_batch_normalization", residual(
        conv2d(2, 3, 3, scale=2.0, strides=2, padding="same"), batch_normalization(3), activation("tanh"),
        conv2d(3, 3, 3, scale=2.0, padding="same"), batch_normalization(3),
        shortcut=[conv2d(2, 3, 1, scale=2.0, strides=2), batch_normalization(3)], activation="tanh"), [5, 4, 2], rows=6)
    yield made("residual_evaluation", residual(
        dense(3, 3), batch_normalization(3, False), shortcut=[batch_normalization(3, False)]), [3], training=False)


def concatenate_cases():
    yield made("concatenate", concatenate([dense(4, 3, "tanh")], [dense(4, 5), dense(5, 2, "sigmoid")]), [4])
    yield made("concatenate_identity", concatenate([], [dense(3, 2, "silu")], []), [2, 3])
    yield made("concatenate_images", concatenate(
        [conv2d(2, 3, 1)], [conv2d(2, 2, 1), activation("tanh"), conv2d(2, 4, 3, padding="same")]), [3, 4, 2])
    yield made("concatenate_views", concatenate([reshape(6)], [reshape(6), dense(6, 2, "tanh")]), [3, 2])


def nested_cases():
    block = residual(dense(3, 3, use_bias=False, scale=2.0), batch_normalization(3), activation="sigmoid")
    yield made("concatenate_of_residuals", concatenate(
        [dense(4, 3, scale=2.0), block], [],
        [residual(dense(4, 4), shortcut=[dense(4, 4, "tanh")]), dense(4, 2)]), [4], rows=7)
    yield made("residual_of_concatenate", residual(
        concatenate([dense(4, 2, "tanh")], [residual(residual(dense(4, 4, "silu")), activation="tanh")]), dense(6, 4)),
        [2, 4])


def cases():
    yield from residual_cases()
    yield from concatenate_cases()
    yield from nested_cases()
