#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "layer_walk.h"

/// Central differences of sum(dy * y) against what backward() says, for the inputs and every weight that the
/// optimizer changes. Inputs must keep a step away from kinks.
class LayerGradientCheck {
public:
    explicit LayerGradientCheck(LayerWalk& walk) : walk_(walk) {}

    void run() {
        walk_.forward();
        walk_.backward();
        const auto dx = walk_.dx;
        const auto gradients = walk_.gradients;
        compare(walk_.x, dx, "input");
        const auto specs = walk_.layer->weights();
        for (std::size_t i = 0; i < specs.size(); ++i)
            if (specs[i].rule == lockstep::WeightRule::optimizer)
                compare(walk_.weights[i], gradients[i], specs[i].name);
    }

private:
    double value() {
        walk_.forward();
        double sum = 0.0;
        for (std::size_t i = 0; i < walk_.y.size(); ++i)
            sum += static_cast<double>(walk_.dy[i]) * static_cast<double>(walk_.y[i]);
        return sum;
    }

    void compare(std::vector<float>& values, const std::vector<float>& gradient, const std::string& what) {
        constexpr float kStep = 1e-2F;
        double largest = 1.0;
        for (const float slope : gradient) largest = std::max(largest, std::abs(static_cast<double>(slope)));
        for (std::size_t i = 0; i < values.size(); ++i) {
            const float middle = values[i];
            values[i] = middle + kStep;
            const double above = value();
            values[i] = middle - kStep;
            const double below = value();
            values[i] = middle;
            EXPECT_NEAR(static_cast<double>(gradient[i]),
                        (above - below) / (2.0 * static_cast<double>(kStep)), 5e-4 * largest)
                << what << " " << i;
        }
    }

    LayerWalk& walk_;
};
