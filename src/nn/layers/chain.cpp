#include <algorithm>

#include <lockstep/nn/layers/chain.h>

#include "grow.h"

namespace lockstep {

Chain::Chain(LayerList layers, std::string scope) : layers_(std::move(layers)), scope_(std::move(scope)) {}

Shape Chain::build(const Shape& input) {
    output_ = layers_.build(input);
    std::size_t weights = 0;
    for (const NamedLayer& entry : layers_.entries()) {
        if (entry.layer->is_view()) continue;
        Stage stage{.layer = entry.layer.get(),
                    .first_weight = weights,
                    .weights = entry.layer->weights().size(),
                    .outputs = entry.output.size(),
                    .saved = entry.layer->saved_floats_per_sample(),
                    .place = saved_};
        weights += stage.weights;
        saved_ += stage.outputs + stage.saved;
        stages_.push_back(stage);
    }
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

void Chain::reserve(std::size_t rows) {
    for (std::size_t i = 0; i < stages_.size(); ++i) {
        stages_[i].layer->reserve(rows);
        if (i + 1 < stages_.size()) grow(gradients_[i % 2], rows * stages_[i].outputs);
    }
}

LayerPass Chain::pass_of(std::size_t stage, const LayerPass& pass, std::size_t rows) const {
    const Stage& part = stages_[stage];
    return {.training = pass.training,
            .random = pass.random.substream(stage),
            .position = pass.position,
            .weights = pass.weights.subspan(part.first_weight, part.weights),
            .saved = pass.saved.subspan(rows * (part.place + part.outputs), rows * part.saved)};
}

Matrix Chain::output_of(std::size_t stage, const LayerPass& pass, std::size_t rows) const {
    return {pass.saved.data() + rows * stages_[stage].place, rows, stages_[stage].outputs};
}

ConstMatrix Chain::forward(const LayerPass& pass, ConstMatrix x) {
    ConstMatrix input = x;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
        const Matrix output = output_of(i, pass, x.rows());
        stages_[i].layer->forward(pass_of(i, pass, x.rows()), input, output);
        input = output;
    }
    return input;
}

/// Without dx, the layers before the first one with weights have nothing to do.
std::size_t Chain::first_stage_of_backward(bool needs_dx) const {
    const auto has_weights = [](const Stage& stage) { return stage.weights > 0; };
    return needs_dx ? 0
                    : static_cast<std::size_t>(std::ranges::find_if(stages_, has_weights) - stages_.begin());
}

void Chain::backward(const LayerPass& pass, ConstMatrix x, Matrix dy, Matrix dx,
                     std::span<const std::span<float>> gradients) {
    const std::size_t rows = x.rows(), first = first_stage_of_backward(!dx.empty());
    Matrix output_gradient = dy;
    for (std::size_t i = stages_.size(); i-- > first;) {
        const Stage& stage = stages_[i];
        const Matrix input_gradient =
            i > first ? Matrix(gradients_[(i - 1) % 2].data(), rows, stages_[i - 1].outputs) : dx;
        const ConstMatrix input = i > 0 ? ConstMatrix(output_of(i - 1, pass, rows)) : x;
        stage.layer->backward(pass_of(i, pass, rows), input, output_of(i, pass, rows), output_gradient,
                              input_gradient, gradients.subspan(stage.first_weight, stage.weights));
        output_gradient = input_gradient;
    }
}

}  // namespace lockstep
