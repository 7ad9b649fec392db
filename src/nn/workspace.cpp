#include <algorithm>
#include <numeric>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/nn/workspace.h>

namespace lockstep {
namespace {

/// Floats per sample of each buffer for outputs of layers: one per layer in training, else two taken in turn.
std::vector<std::size_t> output_widths(const Sequential& model, bool training) {
    std::vector<std::size_t> outputs;
    for (const Sequential::Entry& entry : model.layers())
        if (!entry.layer->is_view()) outputs.push_back(entry.output.size());
    if (training || outputs.size() < 3) return outputs;
    std::vector<std::size_t> widths(2, 0);
    for (std::size_t i = 0; i < outputs.size(); ++i) widths[i % 2] = std::max(widths[i % 2], outputs[i]);
    return widths;
}

std::size_t largest_group(const Sequential& model) {
    std::size_t largest = 0;
    for (const ParameterGroup& group : model.parameters().groups) largest = std::max(largest, group.size);
    return largest;
}

ShardSums::Sizes most_sums(const Sequential& model, std::size_t max_shards, bool training) {
    std::size_t weights = 0;
    for (const ParameterGroup& group : model.parameters().groups)
        weights = std::max(weights, group.parameters);
    return {.shards = max_shards,
            .gradients = training ? largest_group(model) : 0,
            .weights = weights,
            .numbers = model.batch_sums()};
}

}  // namespace

Workspace::Workspace(Sequential& model, std::span<const float> store, std::size_t max_rows,
                     std::size_t max_shards, bool training, BatchSums* sums)
    : model_(model),
      store_(store),
      max_rows_(max_rows),
      max_shards_(max_shards),
      sums_(most_sums(model, max_shards, training), sums) {
    const auto& groups = model.parameters().groups;
    std::size_t group = 0;
    for (std::size_t layer = 0; layer < model.layers().size(); ++layer) {
        const bool has_weights = group < groups.size() && groups[group].layer == layer;
        if (!model.layers()[layer].layer->is_view())
            add_stage(layer, has_weights ? std::optional(group) : std::nullopt);
        if (has_weights) ++group;
    }
    allocate(training);
}

void Workspace::add_stage(std::size_t layer_index, std::optional<std::size_t> group) {
    const Sequential::Entry& entry = model_.layers()[layer_index];
    Stage stage{.layer = entry.layer.get(),
                .layer_index = layer_index,
                .outputs = entry.output.size(),
                .group = group,
                .weights = {},
                .random = RandomStream(0, Purpose::dropout, layer_index),
                .output_buffer = 0,
                .saved = {}};
    if (group) {
        const ParameterLayout& layout = model_.parameters();
        const ParameterGroup& range = layout.groups[*group];
        for (const Parameter& parameter :
             std::span(layout.parameters).subspan(range.first_parameter, range.parameters))
            stage.weights.push_back(store_.subspan(parameter.offset, parameter.size));
    }
    stages_.push_back(std::move(stage));
}

void Workspace::allocate(bool training) {
    const std::vector<std::size_t> widths = output_widths(model_, training);
    for (std::size_t i = 0; i < stages_.size(); ++i) {
        Stage& stage = stages_[i];
        stage.layer->reserve(max_rows_);
        stage.saved = AlignedBuffer<float>(stage.layer->saved_floats_per_sample() * max_rows_);
        stage.output_buffer = i % widths.size();
    }
    batch_ = AlignedBuffer<float>(max_rows_ * model_.input_shape().size());
    for (const std::size_t width : widths) outputs_.emplace_back(width * max_rows_);
    shards_.reserve(max_shards_);
    if (!training) return;
    for (auto& buffer : output_gradients_)
        buffer = AlignedBuffer<float>(std::ranges::max(widths) * max_rows_);
}

std::size_t Workspace::bytes_needed(const Sequential& model, std::size_t max_rows, std::size_t max_shards,
                                    bool training) {
    const std::vector<std::size_t> widths = output_widths(model, training);
    std::size_t row =
        model.input_shape().size() + std::accumulate(widths.begin(), widths.end(), std::size_t{0});
    for (const Sequential::Entry& entry : model.layers())
        row += entry.layer->saved_floats_per_sample() + entry.layer->scratch_floats_per_sample();
    if (!training) return row * max_rows * sizeof(float);
    row += 2 * std::ranges::max(widths);
    return (row * max_rows + GradientTree::floats_needed(largest_group(model), max_shards)) * sizeof(float);
}

void Workspace::begin_pass(std::uint64_t seed, std::uint64_t pass) {
    for (Stage& stage : stages_) stage.random = RandomStream(seed, Purpose::dropout, stage.layer_index, pass);
}

Matrix Workspace::inputs() {
    return {batch_.data(), max_rows_, model_.input_shape().size()};
}

ConstMatrix Workspace::input_of(std::size_t stage) {
    return stage == 0 ? walk_inputs_ : ConstMatrix(output_of(stage - 1));
}

Matrix Workspace::output_of(std::size_t stage) {
    return {outputs_[stages_[stage].output_buffer].data(), walk_inputs_.rows(), stages_[stage].outputs};
}

Matrix Workspace::output_gradient_of(std::size_t stage) {
    return {output_gradients_[stage % 2].data(), walk_inputs_.rows(), stages_[stage].outputs};
}

/// A view has the output of the last stage before it.
ConstMatrix Workspace::output_of_layer(std::size_t index) {
    std::size_t stage = 0;
    while (stage < stages_.size() && stages_[stage].layer_index <= index) ++stage;
    return stage == 0 ? walk_inputs_ : ConstMatrix(output_of(stage - 1));
}

Matrix Workspace::output_gradient() {
    return output_gradient_of(stages_.size() - 1);
}

BatchPass Workspace::pass_of(Stage& stage) {
    const std::size_t saved = stage.layer->saved_floats_per_sample() * walk_inputs_.rows();
    return {.training = training_,
            .random = stage.random,
            .shards = shards_,
            .weights = stage.weights,
            .saved = stage.saved.span().first(saved),
            .sums = &sums_};
}

void Workspace::begin_walk(ConstMatrix inputs, std::span<const ShardRows> shards, bool training) {
    if (inputs.rows() > max_rows_ || shards.size() > max_shards_)
        throw ShapeError("workspace: expected at most " + std::to_string(max_rows_) + " rows in " +
                         std::to_string(max_shards_) + " shards, got " + std::to_string(inputs.rows()) +
                         " in " + std::to_string(shards.size()));
    if (inputs.columns() != model_.input_shape().size())
        throw ShapeError("workspace: expected inputs of " + std::to_string(model_.input_shape().size()) +
                         " columns, got " + std::to_string(inputs.columns()));
    walk_inputs_ = inputs;
    shards_.assign(shards.begin(), shards.end());
    training_ = training;
}

Matrix Workspace::forward(ConstMatrix inputs, std::span<const ShardRows> shards, bool training,
                          const GroupHook& before_group) {
    begin_walk(inputs, shards, training);
    for (std::size_t i = 0; i < stages_.size(); ++i) {
        Stage& stage = stages_[i];
        if (stage.group && before_group) before_group(*stage.group);
        stage.layer->forward_batch(pass_of(stage), input_of(i), output_of(i));
    }
    return output_of(stages_.size() - 1);
}

void Workspace::backward(std::span<float> gradients, const GroupHook& before_group,
                         const GroupHook& group_done) {
    std::size_t groups_left = model_.parameters().groups.size();
    for (std::size_t i = stages_.size(); groups_left > 0; --i) {
        const auto group = stages_[i - 1].group;
        if (group) --groups_left;
        if (group && before_group) before_group(*group);
        backward_stage(i - 1, /*needs_dx=*/groups_left > 0, gradients);
        if (group && group_done) group_done(*group);
    }
}

void Workspace::backward_stage(std::size_t index, bool needs_dx, std::span<float> gradients) {
    Stage& stage = stages_[index];
    std::span<float> of_group;
    if (stage.group) {
        const ParameterGroup& group = model_.parameters().groups[*stage.group];
        of_group = gradients.subspan(group.offset, group.size);
    }
    stage.layer->backward_batch(pass_of(stage), input_of(index), output_of(index), output_gradient_of(index),
                                needs_dx ? output_gradient_of(index - 1) : Matrix(), of_group);
}

}  // namespace lockstep
