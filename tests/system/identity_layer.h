#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include <lockstep/nn/shard_layer.h>

/// y = x, for layers of test programs that do something else besides.
class IdentityLayer : public lockstep::ShardLayer {
public:
    lockstep::Config config() const override { return lockstep::Config::table(); }
    lockstep::Shape build(const lockstep::Shape& input) override { return input; }

    void forward(const lockstep::LayerPass& /*pass*/, lockstep::ConstMatrix x, lockstep::Matrix y) override {
        copy(x, y);
    }
    void backward(const lockstep::LayerPass& /*pass*/, lockstep::ConstMatrix /*x*/,
                  lockstep::ConstMatrix /*y*/, lockstep::Matrix dy, lockstep::Matrix dx,
                  std::span<const std::span<float>> /*gradients*/) override {
        copy(dy, dx);
    }

private:
    static void copy(lockstep::ConstMatrix from, lockstep::Matrix to) {
        for (std::size_t row = 0; row < to.rows(); ++row)
            std::ranges::copy(from.row(row), to.row(row).begin());
    }
};
