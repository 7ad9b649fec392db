"""Cases of attention. Kernels of queries, keys and values are [features, heads, key_dim]."""
import torch

from draw import Draw
from layer_case import case


def attention(name, inputs, heads, key_dim, **options):
    draw = Draw(name)
    features = inputs[-1]
    use_bias = options.get("use_bias", True)
    weights = {}
    for part in ("query", "key", "value"):
        weights[f"{part}_kernel"] = draw.normal(features, heads, key_dim, scale=0.5)
        if use_bias:
            weights[f"{part}_bias"] = draw.normal(heads, key_dim, scale=0.5)
    weights["output_kernel"] = draw.normal(heads, key_dim, features, scale=0.5)
    if use_bias:
        weights["output_bias"] = draw.normal(features)

    def function(x, w):
        def projected(part):
            bias = w[f"{part}_bias"][:, None] if use_bias else 0
            return torch.einsum("rtf,fhd->rhtd", x, w[f"{part}_kernel"]) + bias

        q, k, v = (projected(part) for part in ("query", "key", "value"))
        scores = q @ k.transpose(-1, -2) / key_dim ** 0.5
        if options.get("causal"):
            unseen = torch.ones(inputs[0], inputs[0]).triu(1).bool()
            scores = scores.masked_fill(unseen, -torch.inf)
        y = torch.einsum("rhtd,hdf->rtf", torch.softmax(scores, -1) @ v, w["output_kernel"])
        return y + (w["output_bias"] if use_bias else 0)

    layer = {"type": "multi_head_attention", "num_heads": heads, "key_dim": key_dim, **options}
    made = case(layer, inputs, weights, function)
    if use_bias:  # it adds the same to all scores of a query: its gradient is 0, a sum of terms of this size
        made["weights"]["key_bias"]["terms"] = 1.0
    return name, made


def cases():
    yield attention("multi_head_attention", [4, 3], 2, 5)
    yield attention("multi_head_attention_causal", [5, 3], 3, 2, causal=True)
    yield attention("multi_head_attention_one_head", [3, 5], 1, 4, use_bias=False)
    yield attention("multi_head_attention_one_step", [1, 3], 2, 2, causal=True)
