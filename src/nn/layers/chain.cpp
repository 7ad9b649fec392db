#include <algorithm>

#include <lockstep/nn/layers/chain.h>

#include "grow.h"

namespace lockstep {

Chain::Chain(LayerList layers, std::string scope) : layers_(std::move(layers)), scope_(std::move(scope)) {}

Shape Chain::build(const Shape& input) {
    output_ = layers_.build(input);
    LayerPart part;
    for (const NamedLayer& entry : layers_.entries()) {
        if (entry.layer->is_view()) continue;
        const std::size_t outputs = entry.output.size(), place = part.first_saved;
        part.first_saved += outputs;
        part.weights = entry.layer->weights().size();
        part.saved = entry.layer->saved_floats_per_sample();
        stages_.push_back({entry.layer.get(), outputs, place, part});
        part = part.next();
    }
    saved_ = part.first_saved;
    return output_;
}

std::vector<WeightSpec> Chain::weights() const {
    std::vector<WeightSpec> specs;
    for (const NamedLayer& entry : layers_.entries())
        for (WeightSpec& spec : entry.layer->weights()) {
            spec.name = scope_ + entry.name + "/" + spec.name;
            specs.push_back(std::move(spec));
        }
    return specs;
}

std::vector<SubLayer> Chain::sub_layers() const {
    std::vector<SubLayer> layers;
    for (const NamedLayer& entry : layers_.entries())
        layers.push_back({scope_ + entry.name, entry.layer.get(), entry.output});
    return layers;
}

std::array<std::size_t, 2> Chain::gradient_widths() const {
    std::array<std::size_t, 2> widths{};
    for (std::size_t i = 0; i + 1 < stages_.size(); ++i)
        widths[i % 2] = std::max(widths[i % 2], stages_[i].outputs);
    return widths;
}

std::size_t Chain::scratch_floats_per_sample() const {
    const auto widths = gradient_widths();
    std::size_t sum = widths[0] + widths[1];
    for (const Stage& stage : stages_) sum += stage.layer->scratch_floats_per_sample();
    return sum;
}

void Chain::reserve(std::size_t rows) {
    for (const Stage& stage : stages_) stage.layer->reserve(rows);
    const auto widths = gradient_widths();
    for (std::size_t i = 0; i < widths.size(); ++i) grow(gradients_[i], rows * widths[i]);
}

Matrix Chain::output_of(std::size_t stage, const BatchPass& batch, std::size_t rows) const {
    return {batch.saved.data() + rows * stages_[stage].output_place, rows, stages_[stage].outputs};
}

ConstMatrix Chain::forward(const BatchPass& batch, ConstMatrix x) {
    ConstMatrix input = x;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
        const Matrix output = output_of(i, batch, x.rows());
        stages_[i].layer->forward_batch(stages_[i].part.pass(batch, x.rows()), input, output);
        input = output;
    }
    return input;
}

/// Without dx, the layers before the first one with weights have nothing to do.
std::size_t Chain::first_stage_of_backward(bool needs_dx) const {
    const auto has_weights = [](const Stage& stage) { return stage.part.weights > 0; };
    return needs_dx ? 0
                    : static_cast<std::size_t>(std::ranges::find_if(stages_, has_weights) - stages_.begin());
}

void Chain::backward(const BatchPass& batch, ConstMatrix x, Matrix dy, Matrix dx,
                     std::span<float> gradients) {
    const std::size_t rows = x.rows(), first = first_stage_of_backward(dx.columns() > 0);
    Matrix output_gradient = dy;
    for (std::size_t i = stages_.size(); i-- > first;) {
        const Stage& stage = stages_[i];
        const Matrix input_gradient =
            i > first ? Matrix(gradients_[(i - 1) % 2].data(), rows, stages_[i - 1].outputs) : dx;
        const ConstMatrix input = i > 0 ? ConstMatrix(output_of(i - 1, batch, rows)) : x;
        stage.layer->backward_batch(stage.part.pass(batch, rows), input, output_of(i, batch, rows),
                                    output_gradient, input_gradient, stage.part.gradients(batch, gradients));
        output_gradient = input_gradient;
    }
}

}  // namespace lockstep
