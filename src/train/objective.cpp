#include "objective.h"

#include <algorithm>
#include <limits>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>

namespace lockstep {

namespace {

constexpr std::size_t kSamples = 0;  // places among the numbers
constexpr std::size_t kLoss = 1;
constexpr std::size_t kMetrics = 2;

bool is_among(const std::vector<std::string>& keys, const std::string& key) {
    return std::ranges::find(keys, key) != keys.end();
}

void require_free(const std::vector<std::string>& keys, const std::string& key, const Config& config) {
    for (const char* reserved :
         {"loss", "epoch", "step", "batch", "time", "duration", "samples", "learning_rate"})
        if (key == reserved)
            config.fail("the name \"" + key +
                        "\" is reserved; give the metric another one with the key \"name\"");
    if (key.starts_with("val_") || key.starts_with("batch_"))
        config.fail("the name \"" + key +
                    "\" is reserved: val_ and batch_ are put in front of metrics' names");
    if (is_among(keys, key))
        config.fail("two metrics have the name \"" + key + "\"; name one of them with the key \"name\"");
}

}  // namespace

Objective::Objective(const Sequential& model, const Config& loss, const std::vector<Config>& metrics,
                     const std::vector<Config>& weighted_metrics)
    : model_(model), loss_(make_loss(loss)), keys_{"loss"} {
    target_ = loss_->target_shape(model.output_shape());
    if (const Activation* activation = model.output_activation()) fused_ = loss_->fuse(*activation);
    for (const Config& config : metrics) add_metric(config, false);
    for (const Config& config : weighted_metrics) add_metric(config, true);
}

void Objective::add_metric(const Config& config, bool weighted) {
    auto metric = make_metric(config);
    std::string key = metric->name();
    if (weighted && is_among(keys_, key)) key.insert(0, "weighted_");
    require_free(keys_, key, config);
    metric->build(model_.output_shape(), target_);
    keys_.push_back(std::move(key));
    numbers_ += metric->state_size();
    metrics_.push_back({std::move(metric), weighted});
}

std::vector<std::string> Objective::epoch_keys(bool has_validation) const {
    std::vector<std::string> keys = keys_;
    if (has_validation)
        for (const std::string& key : keys_) keys.push_back("val_" + key);
    return keys;
}

void Objective::prepare(std::optional<FeatureScaling> target_scaling, std::size_t rows) {
    target_scaling_ = std::move(target_scaling);
    if (!target_scaling_) return;
    const auto grow = [rows](AlignedBuffer<float>& room, std::size_t columns) {
        if (room.size() < rows * columns) room = AlignedBuffer<float>(rows * columns);
    };
    grow(unscaled_outputs_, model_.output_shape().size());
    grow(unscaled_targets_, target_.size());
}

void Objective::evaluate(Matrix outputs, ConstMatrix targets, std::span<const float> weights, Matrix gradient,
                         std::span<double> numbers) {
    numbers[kSamples] += static_cast<double>(outputs.rows());
    add_losses(outputs, targets, weights, gradient, numbers);
    ConstMatrix user_outputs = outputs, user_targets = targets;
    if (target_scaling_) {
        user_outputs = unscaled(outputs, unscaled_outputs_);
        user_targets = unscaled(targets, unscaled_targets_);
    }
    std::size_t first = kMetrics;
    for (const auto& [metric, weighted] : metrics_) {
        const auto state = numbers.subspan(first, metric->state_size());
        const bool user = metric->in_target_units();
        metric->update(user ? user_outputs : outputs, user ? user_targets : targets,
                       weighted ? weights : std::span<const float>(), state);
        first += metric->state_size();
    }
}

void Objective::add_losses(Matrix outputs, ConstMatrix targets, std::span<const float> weights,
                           Matrix gradient, std::span<double> numbers) const {
    const Activation* activation = model_.output_activation();
    if (fused_) numbers[kLoss] += fused_->compute(outputs, targets, weights, gradient);
    if (activation != nullptr) activation->apply(outputs);
    if (fused_) return;
    numbers[kLoss] += loss_->compute(outputs, targets, weights, gradient);
    if (activation != nullptr && !gradient.empty()) activation->apply_gradient({}, outputs, gradient);
}

void Objective::add_penalty(std::span<const float> store, std::uint64_t samples,
                            std::span<double> numbers) const {
    double penalty = 0.0;
    for (const Parameter& parameter : model_.parameters().parameters)
        if (parameter.regularizer)
            penalty += parameter.regularizer->penalty(store.subspan(parameter.offset, parameter.size));
    numbers[kLoss] += penalty * static_cast<double>(samples);
}

ConstMatrix Objective::unscaled(ConstMatrix values, AlignedBuffer<float>& room) const {
    std::ranges::copy(values.values(), room.data());
    const Matrix copy(room.data(), values.rows(), values.columns());
    target_scaling_->undo(copy);
    return copy;
}

void Objective::predict(Matrix outputs, bool in_user_units) const {
    if (const Activation* activation = model_.output_activation()) activation->apply(outputs);
    if (in_user_units && target_scaling_) target_scaling_->undo(outputs);
}

void Objective::write(std::span<const double> numbers, Logs& logs) const {
    const double samples = numbers[kSamples];
    logs.set(keys_.front(),
             samples > 0 ? numbers[kLoss] / samples : std::numeric_limits<double>::quiet_NaN());
    std::size_t first = kMetrics;
    for (std::size_t index = 0; index < metrics_.size(); ++index) {
        const std::size_t size = metrics_[index].metric->state_size();
        logs.set(keys_[index + 1], metrics_[index].metric->result(numbers.subspan(first, size)));
        first += size;
    }
}

}  // namespace lockstep
