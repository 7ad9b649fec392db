"""Random tensors for the cases: as floats, so that ours starts from the same numbers."""
import zlib

import torch


class Draw:
    """Its numbers depend on the name of the case alone."""

    def __init__(self, name):
        self.generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))

    def normal(self, *shape, scale=1.0):
        values = torch.randn(shape, generator=self.generator, dtype=torch.float32)
        return (scale * values).double()

    def uniform(self, *shape, low=0.0, high=1.0):
        values = torch.rand(shape, generator=self.generator, dtype=torch.float32)
        return (low + (high - low) * values).double()

    def integers(self, high, *shape):
        return torch.randint(high, shape, generator=self.generator)

    def spread(self, *shape, step=0.05):
        """No two numbers are nearer than `step`, and none is near 0: for functions with kinks."""
        count = torch.Size(shape).numel()
        order = torch.randperm(count, generator=self.generator).double()
        return ((order - count / 2 + 0.5) * step).float().double().reshape(shape)
