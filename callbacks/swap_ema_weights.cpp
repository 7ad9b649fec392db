#include <algorithm>
#include <utility>

#include <lockstep/callbacks/swap_ema_weights.h>
#include <lockstep/core/error.h>

#include "support/from_config.h"

namespace lockstep {

namespace {

constexpr const char* kTrained = "trained";

[[noreturn]] void fail_without_average() {
    throw ConfigError(
        "swap_ema_weights: the optimizer keeps no average of the weights; give it use_ema = true, for "
        "example optimizer = { type = \"adam\", use_ema = true }");
}

/// `trained`, with the average of what the optimizer changes.
std::vector<float> averaged(std::vector<float> trained, std::span<const float> average,
                            const ParameterLayout& layout) {
    for (const Parameter& parameter : layout.parameters)
        if (parameter.rule == WeightRule::optimizer)
            std::ranges::copy(average.subspan(parameter.offset, parameter.size),
                              trained.begin() + static_cast<std::ptrdiff_t>(parameter.offset));
    return trained;
}

}  // namespace

/// The average that is in the model stays there.
void SwapEMAWeights::on_train_end(const Logs& /*logs*/) {
    trained_.clear();
}

/// The average is in the model after an epoch with swap_on_epoch, or after an exception. Training that was
/// stopped in a validation goes on in it, with the average, and without this hook.
void SwapEMAWeights::on_epoch_begin(int /*epoch*/, const Logs& /*logs*/) {
    swap_out();
}

void SwapEMAWeights::on_epoch_end(int /*epoch*/, const Logs& /*logs*/) {
    if (options_.swap_on_epoch) swap_in();
}

void SwapEMAWeights::on_test_begin(const Logs& /*logs*/) {
    swap_in();
}

void SwapEMAWeights::on_predict_begin(const Logs& /*logs*/) {
    swap_in();
}

void SwapEMAWeights::on_test_end(const Logs& /*logs*/) {
    swap_out();
}

void SwapEMAWeights::on_predict_end(const Logs& /*logs*/) {
    swap_out();
}

/// Before the first step the average is zero.
void SwapEMAWeights::swap_in() {
    if (is_swapped()) return;
    const auto average = run().averaged_weights();
    if (average.empty()) fail_without_average();
    if (std::ranges::all_of(average, [](float value) { return value == 0.0F; }))
        throw ConfigError("swap_ema_weights: there is no average of the weights before the first step");
    std::vector<float> trained = run().get_weights();
    run().set_weights(averaged(trained, average, run().model().parameters()));
    trained_ = std::move(trained);
}

void SwapEMAWeights::swap_out() {
    if (is_swapped()) run().set_weights(std::exchange(trained_, {}));
}

Config SwapEMAWeights::state() const {
    return Config::table({{"swapped", is_swapped()}});
}

/// The trained weights follow, if the average was in the model.
void SwapEMAWeights::restore(const Config& /*state*/) {
    trained_.clear();
}

std::map<std::string, std::vector<float>> SwapEMAWeights::kept_weights() const {
    if (!is_swapped()) return {};
    return {{kTrained, trained_}};
}

void SwapEMAWeights::restore_kept_weights(const std::map<std::string, std::vector<float>>& weights) {
    if (const auto kept = weights.find(kTrained); kept != weights.end()) trained_ = kept->second;
}

const TypeHelp& SwapEMAWeights::help() {
    static const TypeHelp help{
        .summary = "evaluates with the running average of the weights; the optimizer needs use_ema = true",
        .keys = {{"swap_on_epoch", "false",
                  "have the average in the model at ends of epochs too, for checkpoints, and at the end"}}};
    return help;
}

std::unique_ptr<Callback> SwapEMAWeights::from_config(const Config& keys) {
    return construct_from<SwapEMAWeights>(
        keys, {.swap_on_epoch = keys.get("swap_on_epoch", Options{}.swap_on_epoch)});
}

}  // namespace lockstep
