#include "variance_scaling.h"

#include <cmath>

#include <lockstep/core/construct.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "draw.h"

namespace lockstep {
namespace {

double fan_in(const Shape& shape) {
    if (shape.rank() < 2) return static_cast<double>(shape.size());
    return static_cast<double>(shape.size() / shape[shape.rank() - 1]);
}

double fan_out(const Shape& shape) {
    if (shape.rank() < 2) return static_cast<double>(shape.size());
    return static_cast<double>(shape.size() / shape[shape.rank() - 2]);
}

double fan(const std::string& mode, const Shape& shape) {
    if (mode == "fan_in") return fan_in(shape);
    if (mode == "fan_out") return fan_out(shape);
    return 0.5 * (fan_in(shape) + fan_out(shape));
}

}  // namespace

VarianceScaling::VarianceScaling(Options options) : options_(std::move(options)) {
    const auto& [scale, mode, distribution] = options_;
    check_positive("scale", scale);
    check_option(mode == "fan_in" || mode == "fan_out" || mode == "fan_avg", "mode",
                 "fan_in, fan_out or fan_avg", mode);
    check_option(distribution == "truncated_normal" || distribution == "untruncated_normal" ||
                     distribution == "uniform",
                 "distribution", "truncated_normal, untruncated_normal or uniform", distribution);
}

Config VarianceScaling::config() const {
    return Config::table({{"type", type()},
                          {"scale", options_.scale},
                          {"mode", options_.mode},
                          {"distribution", options_.distribution}});
}

double VarianceScaling::sigma(const Shape& shape) const {
    return std::sqrt(options_.scale / fan(options_.mode, shape));
}

void VarianceScaling::fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const {
    const double sigma = this->sigma(shape);
    if (options_.distribution == "uniform") {
        const double limit = std::sqrt(3.0) * sigma;
        draw_uniform(stream, -limit, limit, values);
    } else if (options_.distribution == "truncated_normal") {
        draw_truncated_normal(stream, 0.0, sigma / kSigmaOfTruncated, values);
    } else {
        draw_normal(stream, 0.0, sigma, values);
    }
}

const TypeHelp& VarianceScaling::help() {
    static const TypeHelp help{
        .summary = "random, the smaller the more inputs or outputs there are",
        .keys = {
            {"scale", "1.0", "variance times fan, above 0"},
            {"mode", "\"fan_in\"", "fan_in (inputs), fan_out (outputs) or fan_avg (their mean)"},
            {"distribution", "\"truncated_normal\"", "truncated_normal, untruncated_normal or uniform"}}};
    return help;
}

std::unique_ptr<Initializer> VarianceScaling::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<VarianceScaling>(keys,
                                           {.scale = keys.get("scale", defaults.scale),
                                            .mode = keys.get("mode", defaults.mode),
                                            .distribution = keys.get("distribution", defaults.distribution)});
}

}  // namespace lockstep
