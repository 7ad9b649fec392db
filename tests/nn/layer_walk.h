#pragma once

#include <memory>
#include <vector>

#include <lockstep/nn/batch_pass.h>
#include <lockstep/nn/layer.h>

/// A layer with everything that a walk there and back through it needs: `rows` samples, in one shard unless
/// `shards` says otherwise.
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
        const Store store(weights);
        lockstep::ShardSums sums = make_sums(store);
        layer->forward_batch(pass(store, sums), {x.data(), rows, inputs}, {y.data(), rows, outputs});
    }

    /// After forward(): from dy to dx and the gradients of the weights.
    void backward(bool needs_dx = true) {
        std::vector<float> spoilt = dy;
        dx.assign(rows * inputs, 99.0F);
        const Store store(weights);
        lockstep::ShardSums sums = make_sums(store);
        std::vector<float> sum(store.values.size(), 99.0F);
        layer->backward_batch(pass(store, sums), {x.data(), rows, inputs}, {y.data(), rows, outputs},
                              {spoilt.data(), rows, outputs},
                              needs_dx ? lockstep::Matrix(dx.data(), rows, inputs) : lockstep::Matrix(), sum);
        gradients.clear();
        auto from = sum.cbegin();
        for (const auto& weight : weights) {
            const auto end = from + static_cast<std::ptrdiff_t>(weight.size());
            gradients.emplace_back(from, end);
            from = end;
        }
    }

    std::unique_ptr<lockstep::Layer> layer;
    std::size_t rows, inputs, outputs = 0;
    lockstep::Shape output;
    bool training = true;
    std::vector<lockstep::ShardRows> shards{{.first = 0, .count = rows, .position = 40}};
    std::vector<float> x, y, dy, dx, saved;
    std::vector<std::vector<float>> weights, gradients;  // in the order of layer->weights()

private:
    /// The weights in one array.
    struct Store {
        explicit Store(const std::vector<std::vector<float>>& weights) {
            for (const auto& weight : weights) values.insert(values.end(), weight.begin(), weight.end());
            std::span<const float> left = values;
            for (const auto& weight : weights) {
                spans.push_back(left.first(weight.size()));
                left = left.subspan(weight.size());
            }
        }
        std::vector<float> values;
        std::vector<std::span<const float>> spans;
    };

    lockstep::ShardSums make_sums(const Store& store) const {
        return {{.shards = shards.size(),
                 .gradients = store.values.size(),
                 .weights = weights.size(),
                 .numbers = layer->batch_sums()},
                nullptr};
    }

    lockstep::BatchPass pass(const Store& store, lockstep::ShardSums& sums) {
        return {.training = training,
                .random = {7, lockstep::Purpose::dropout},
                .shards = shards,
                .weights = store.spans,
                .saved = saved,
                .sums = &sums};
    }
};
