#include <algorithm>
#include <cmath>
#include <string>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/layers/normalization.h>
#include <lockstep/nn/registry.h>

#include "../option_check.h"
#include "last_axis.h"

namespace lockstep {
namespace {

constexpr float kLeastDeviation = 1e-7F;
constexpr const char* kNoAxis = "none";

/// Writes values, one per feature or one for all, over and over.
template <typename Values>
void repeat(const Values& values, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(values[i % values.size()]);
}

std::vector<double> read_numbers(const Config& keys, const char* name) {
    if (!keys.contains(name)) return {};
    const Config value = keys.at(name);
    return value.is_array() ? value.as<std::vector<double>>() : std::vector{value.as<double>()};
}

std::optional<int> read_axis(const Config& keys) {
    const Config axis = keys.find("axis");
    if (axis.is_string() && axis.as<std::string>() == kNoAxis) return std::nullopt;
    return axis.is_null() ? Normalization::Options{}.axis : axis.as<int>();
}

Config list(const std::vector<double>& numbers) {
    Config list = Config::array();
    for (const double number : numbers) list.push_back(number);
    return list;
}

}  // namespace

Normalization::Normalization(Options options) : options_(std::move(options)) {
    check_option(!options_.axis || *options_.axis == -1, "axis", "-1, the last, or \"none\"",
                 options_.axis.value_or(-1));
    check_option(options_.mean.size() == options_.variance.size(), "variance",
                 std::to_string(options_.mean.size()) + " numbers, as many as mean has",
                 options_.variance.size());
    for (const double mean : options_.mean) check_option(std::isfinite(mean), "mean", "finite numbers", mean);
    for (const double variance : options_.variance)
        check_option(std::isfinite(variance) && variance >= 0.0, "variance", "finite numbers from 0",
                     variance);
}

Config Normalization::config() const {
    Config keys = Config::table({{"axis", options_.axis ? Config(*options_.axis) : Config(kNoAxis)}});
    if (!is_adapted()) {
        keys.set("mean", list(options_.mean));
        keys.set("variance", list(options_.variance));
    }
    keys.set("invert", options_.invert);
    return keys;
}

Shape Normalization::build(const Shape& input) {
    features_ = options_.axis ? last_axis_of(input) : 1;
    const std::size_t given = options_.mean.size();
    if (given > 1 && given != features_)
        throw ShapeError("mean: expected one number or " + std::to_string(features_) +
                         ", one for each feature, got " + std::to_string(given));
    mean_ = AlignedBuffer<float>(input.size());
    deviation_ = AlignedBuffer<float>(input.size());
    return input;
}

std::vector<WeightSpec> Normalization::weights() const {
    if (!is_adapted()) return {};
    const auto spec = [&](const char* name, const char* initializer) {
        return WeightSpec{.name = name,
                          .shape = options_.axis ? Shape{features_} : Shape{},
                          .initializer = make_initializer(initializer),
                          .rule = WeightRule::none};
    };
    return {spec("mean", "zeros"), spec("variance", "ones")};
}

void Normalization::read_moments(const LayerPass& pass) {
    if (is_adapted()) {
        repeat(pass.weights[0], mean_.span());
        repeat(pass.weights[1], deviation_.span());
    } else {
        repeat(options_.mean, mean_.span());
        repeat(options_.variance, deviation_.span());
    }
    for (float& value : deviation_.span()) value = std::max(std::sqrt(value), kLeastDeviation);
}

void Normalization::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    read_moments(pass);
    const float *const mean = mean_.data(), *const deviation = deviation_.data();
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const float* const from = x.row(row).data();
        float* const to = y.row(row).data();
        if (options_.invert)
            for (std::size_t i = 0; i < x.columns(); ++i) to[i] = mean[i] + from[i] * deviation[i];
        else
            for (std::size_t i = 0; i < x.columns(); ++i) to[i] = (from[i] - mean[i]) / deviation[i];
    }
}

void Normalization::backward(const LayerPass& pass, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix dy,
                             Matrix dx, std::span<const std::span<float>> gradients) {
    for (const std::span<float> gradient : gradients) std::ranges::fill(gradient, 0.0F);
    if (dx.empty()) return;
    read_moments(pass);
    const float* const deviation = deviation_.data();
    for (std::size_t row = 0; row < dy.rows(); ++row) {
        const float* const from = dy.row(row).data();
        float* const to = dx.row(row).data();
        if (options_.invert)
            for (std::size_t i = 0; i < dy.columns(); ++i) to[i] = from[i] * deviation[i];
        else
            for (std::size_t i = 0; i < dy.columns(); ++i) to[i] = from[i] / deviation[i];
    }
}

const TypeHelp& Normalization::help() {
    static const TypeHelp help{
        .summary = "features with mean 0 and variance 1, as they are in the training data",
        .keys = {{"axis", "-1", "the last, whose places are features, or \"none\": all values are one"},
                 {"mean", "from the training data", "of each feature, or one number for all"},
                 {"variance", "from the training data", "likewise; with mean, or both left out"},
                 {"invert", "false", "the way back: x * sqrt(variance) + mean"}}};
    return help;
}

std::unique_ptr<Layer> Normalization::from_config(const Config& keys) {
    return construct_from<Normalization>(keys, {.axis = read_axis(keys),
                                                .mean = read_numbers(keys, "mean"),
                                                .variance = read_numbers(keys, "variance"),
                                                .invert = keys.get("invert", false)});
}

}  // namespace lockstep
