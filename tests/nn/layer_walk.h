#pragma once

#include <memory>
#include <vector>

#include <lockstep/nn/layer.h>

/// A layer with everything that a walk there and back through it needs: one shard of `rows` samples.
class LayerWalk {
public:
    LayerWalk(std::unique_ptr<lockstep::Layer> made, const lockstep::Shape& input, std::size_t row_count)
        : layer(std::move(made)), rows(row_count), inputs(input.size()) {
        output = layer->build(input);
        outputs = output.size();
        layer->reserve(rows);
        layer->reserve(1);  // another workspace of the same model, which leaves room for all rows
        saved.assign(layer->saved_floats_per_sample() * rows, 0.0F);
        for (const lockstep::WeightSpec& spec : layer->weights()) weights.emplace_back(spec.shape.size());
    }

    /// From x to y.
    void forward() {
        y.assign(rows * outputs, 99.0F);
        const std::vector<std::span<const float>> spans(weights.begin(), weights.end());
        layer->forward(pass(spans), {x.data(), rows, inputs}, {y.data(), rows, outputs});
    }

    /// After forward(): from dy to dx and the gradients of the weights.
    void backward(bool needs_dx = true) {
        std::vector<float> spoilt = dy;
        dx.assign(rows * inputs, 99.0F);
        gradients.clear();
        for (const auto& weight : weights) gradients.emplace_back(weight.size(), 99.0F);
        const std::vector<std::span<const float>> spans(weights.begin(), weights.end());
        const std::vector<std::span<float>> gradient_spans(gradients.begin(), gradients.end());
        layer->backward(
            pass(spans), {x.data(), rows, inputs}, {y.data(), rows, outputs}, {spoilt.data(), rows, outputs},
            needs_dx ? lockstep::Matrix(dx.data(), rows, inputs) : lockstep::Matrix(), gradient_spans);
    }

    std::unique_ptr<lockstep::Layer> layer;
    std::size_t rows, inputs, outputs = 0;
    lockstep::Shape output;
    bool training = true;
    std::vector<float> x, y, dy, dx, saved;
    std::vector<std::vector<float>> weights, gradients;  // in the order of layer->weights()

private:
    lockstep::LayerPass pass(std::span<const std::span<const float>> spans) {
        return {.training = training,
                .random = {7, lockstep::Purpose::dropout},
                .position = 40,
                .weights = spans,
                .saved = saved};
    }
};
