#include <limits>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/activation_layer.h>
#include <lockstep/nn/layers/relu.h>

#include "../option_check.h"

namespace lockstep {

Relu::Relu(Options options)
    : options_(options),
      max_value_(static_cast<float>(options.max_value.value_or(std::numeric_limits<double>::infinity()))),
      negative_slope_(static_cast<float>(options.negative_slope)),
      threshold_(static_cast<float>(options.threshold)) {
    const double max_value = options_.max_value.value_or(0.0);
    check_option(max_value >= 0.0, "max_value", "a number >= 0", max_value);
    check_option(options_.negative_slope >= 0.0, "negative_slope", "a number >= 0", options_.negative_slope);
    check_option(options_.threshold >= 0.0, "threshold", "a number >= 0", options_.threshold);
}

Config Relu::config() const {
    Config config =
        Config::table({{"negative_slope", options_.negative_slope}, {"threshold", options_.threshold}});
    if (options_.max_value) config.set("max_value", *options_.max_value);
    return config;
}

void Relu::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    const float limit = max_value_, slope = negative_slope_, threshold = threshold_;
    const float* const from = x.data();
    float* const to = y.data();
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float below = slope * (from[i] - threshold);
        const float value = from[i] > threshold ? from[i] : below;
        to[i] = from[i] >= limit ? limit : value;
    }
}

void Relu::backward(const LayerPass& /*pass*/, ConstMatrix x, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                    std::span<const std::span<float>> /*gradients*/) {
    const float limit = max_value_, slope = negative_slope_, threshold = threshold_;
    const float* const from = x.data();
    for (std::size_t i = 0; i < dx.size(); ++i) {
        const float factor = from[i] > threshold ? 1.0F : slope;
        dx.data()[i] = (from[i] >= limit ? 0.0F : factor) * dy.data()[i];
    }
}

const TypeHelp& Relu::help() {
    static const TypeHelp help{
        .summary =
            "max(x, 0); with bounds: x >= max_value ? max_value : x > threshold ? x : negative_slope * (x - "
            "threshold)",
        .keys = {{"max_value", "none", "the highest output, >= 0"},
                 {"negative_slope", "0.0", "slope where x < threshold, >= 0"},
                 {"threshold", "0.0", "inputs up to this count as negative, >= 0"}}};
    return help;
}

std::unique_ptr<Layer> Relu::from_config(const Config& keys) {
    const Options options{.max_value = keys.get_optional<double>("max_value"),
                          .negative_slope = keys.get("negative_slope", 0.0),
                          .threshold = keys.get("threshold", 0.0)};
    if (!options.max_value && options.negative_slope == 0.0 && options.threshold == 0.0)
        return ActivationLayer::shorthand("relu");
    return construct_from<Relu>(keys, options);
}

}  // namespace lockstep
