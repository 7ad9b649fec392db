#!/usr/bin/env python3
"""What layers cost, Lockstep's and PyTorch's: one thread each, forward and backward pass, taken in turn.

    compare_layers.py LAYER_BENCH [--only TEXT] [--batch 32 64 128] [--rounds 5] [--seconds 0.05]

LAYER_BENCH is the built program layer_bench. Prints medians over the rounds in microseconds per sample, and
Lockstep's time divided by PyTorch's of forward pass, backward pass, and both.
"""
import argparse
import json
import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import Callable


@dataclass
class Case:
    name: str
    input: list  # of one sample, channels last
    layer: dict  # as in a job file
    torch: Callable  # torch.nn -> the same layer
    first: bool = False  # of its model: nobody wants the gradient of its input


def conv(size, filters, **keys):
    return {"type": "conv2d", "kernel_size": size, "filters": filters, "padding": "same", **keys}


def depthwise(**keys):
    return {"type": "depthwise_conv2d", "kernel_size": 3, "padding": "same", **keys}


def recurrent(kind):
    return {"type": kind, "units": 64, "return_sequences": True}


CASES = [
    Case("conv2d 3x3 32->64, 28x28", [28, 28, 32], conv(3, 64), lambda nn: nn.Conv2d(32, 64, 3, padding=1)),
    Case("conv2d 3x3 16->16, 32x32", [32, 32, 16], conv(3, 16), lambda nn: nn.Conv2d(16, 16, 3, padding=1)),
    Case("conv2d 3x3 64->64, 8x8", [8, 8, 64], conv(3, 64), lambda nn: nn.Conv2d(64, 64, 3, padding=1)),
    Case("conv2d 3x3 32->64, 28x28, strides 2", [28, 28, 32], conv(3, 64, strides=2),
         lambda nn: nn.Conv2d(32, 64, 3, padding=1, stride=2)),
    Case("conv2d 5x5 1->32, 28x28, first", [28, 28, 1], conv(5, 32),
         lambda nn: nn.Conv2d(1, 32, 5, padding=2), first=True),
    Case("conv2d 1x1 64->64, 14x14", [14, 14, 64], conv(1, 64), lambda nn: nn.Conv2d(64, 64, 1)),
    Case("depthwise_conv2d 3x3 32, 28x28", [28, 28, 32], depthwise(),
         lambda nn: nn.Conv2d(32, 32, 3, padding=1, groups=32)),
    Case("depthwise_conv2d 3x3 128, 7x7", [7, 7, 128], depthwise(),
         lambda nn: nn.Conv2d(128, 128, 3, padding=1, groups=128)),
    Case("depthwise_conv2d 3x3 32, 28x28, strides 2", [28, 28, 32], depthwise(strides=2),
         lambda nn: nn.Conv2d(32, 32, 3, padding=1, stride=2, groups=32)),
    Case("conv2d_transpose 3x3 32->16, 14x14, strides 2", [14, 14, 32],
         {"type": "conv2d_transpose", "filters": 16, "kernel_size": 3, "strides": 2, "padding": "same"},
         lambda nn: nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1)),
    Case("batch_normalization 32, 28x28", [28, 28, 32], {"type": "batch_normalization"},
         lambda nn: nn.BatchNorm2d(32)),
    Case("layer_normalization 128, 64 times", [64, 128], {"type": "layer_normalization"},
         lambda nn: nn.LayerNorm(128)),
    Case("group_normalization 32 in 8, 28x28", [28, 28, 32], {"type": "group_normalization", "groups": 8},
         lambda nn: nn.GroupNorm(8, 32)),
    Case("lstm 64->64, 32 times", [32, 64], recurrent("lstm"),
         lambda nn: nn.LSTM(64, 64, batch_first=True)),
    Case("gru 64->64, 32 times", [32, 64], recurrent("gru"), lambda nn: nn.GRU(64, 64, batch_first=True)),
    Case("multi_head_attention 4 x 32, 64 times", [64, 128],
         {"type": "multi_head_attention", "num_heads": 4, "key_dim": 32},
         lambda nn: nn.MultiheadAttention(128, 4, batch_first=True)),
    Case("max_pooling2d 2x2 32, 28x28", [28, 28, 32], {"type": "max_pooling2d"}, lambda nn: nn.MaxPool2d(2)),
    Case("average_pooling2d 2x2 32, 28x28", [28, 28, 32], {"type": "average_pooling2d"},
         lambda nn: nn.AvgPool2d(2)),
    Case("dense 784->128, first", [784], {"type": "dense", "units": 128}, lambda nn: nn.Linear(784, 128),
         first=True),
    Case("dense 512->512", [512], {"type": "dense", "units": 512}, lambda nn: nn.Linear(512, 512)),
]


class Ours:
    """Starts the program anew each time, so that no layout of memory is the only one."""

    def __init__(self, program):
        self.program = program

    def run(self, case, batch, seconds):
        text = json.dumps({"input": case.input, "layer": case.layer, "first": case.first})
        done = subprocess.run([self.program, text, str(batch), str(seconds)], check=True, stdout=subprocess.PIPE,
                              text=True)
        core, forward, backward = done.stdout.split()
        return core, float(forward), float(backward)


class Theirs:
    def __init__(self):
        import torch  # after the variables are set that OpenBLAS reads
        torch.set_num_threads(1)
        self.torch = torch

    def step(self, module, x, dy, wanted):
        start = time.perf_counter()
        attends = isinstance(module, self.torch.nn.MultiheadAttention)
        y = module(x, x, x, need_weights=False) if attends else module(x)
        y = y[0] if isinstance(y, tuple) else y
        middle = time.perf_counter()
        if dy is None:
            return y
        self.torch.autograd.grad(y, wanted, dy)
        return middle - start, time.perf_counter() - middle

    def run(self, case, batch, seconds):
        warm_up = 3
        module = case.torch(self.torch.nn)
        shape = [case.input[-1], *case.input[:-1]] if len(case.input) == 3 else case.input
        x = self.torch.randn(batch, *shape, requires_grad=not case.first)
        dy = self.torch.randn_like(self.step(module, x, None, None))
        wanted = [*([] if case.first else [x]), *module.parameters()]
        for _ in range(warm_up):
            self.step(module, x, dy, wanted)
        times = []
        end = time.perf_counter() + seconds
        while len(times) < warm_up or time.perf_counter() < end:
            times.append(self.step(module, x, dy, wanted))
        return [1e6 / batch * statistics.median(part) for part in zip(*times)]


def compare(case, batch, ours, theirs, options):
    rounds = []
    for _ in range(options.rounds):
        rounds.append([*ours.run(case, batch, options.seconds)[1:], *theirs.run(case, batch, options.seconds)])
    forward, backward, torch_forward, torch_backward = map(statistics.median, zip(*rounds))
    print(f"{case.name:46}{batch:6}{forward + backward:10.2f}{torch_forward + torch_backward:10.2f}"
          f"{forward / torch_forward:9.2f}{backward / torch_backward:9.2f}"
          f"{(forward + backward) / (torch_forward + torch_backward):9.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("layer_bench")
    parser.add_argument("--only", default="", help="cases with this text in their names")
    parser.add_argument("--batch", type=int, nargs="+", default=[32, 64, 128])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.05, help="of each measurement")
    options = parser.parse_args()

    cases = [case for case in CASES if options.only in case.name]
    for library in ("OPENBLAS", "MKL", "OMP"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    ours = Ours(options.layer_bench)
    core = ours.run(CASES[-1], 1, 0)[0]
    os.environ.setdefault("OPENBLAS_CORETYPE", core)  # what the program chooses for itself
    theirs = Theirs()
    print(f"OpenBLAS {core}, PyTorch {theirs.torch.__version__}; microseconds per sample, and ratios")
    print(f"{'layer':46}{'batch':>6}{'Lockstep':>10}{'PyTorch':>10}{'forward':>9}{'backward':>9}{'both':>9}")
    for case in cases:
        for batch in options.batch:
            compare(case, batch, ours, theirs, options)


if __name__ == "__main__":
    main()
