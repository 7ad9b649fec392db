#include "random.h"

#include <cmath>

#include <lockstep/core/construct.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "draw.h"

namespace lockstep {
namespace {

void check_normal(const NormalOptions& options) {
    check_finite("mean", options.mean);
    check_not_negative("stddev", options.stddev);
}

NormalOptions read_normal(const Config& keys) {
    const NormalOptions defaults;
    return {.mean = keys.get("mean", defaults.mean), .stddev = keys.get("stddev", defaults.stddev)};
}

Config normal_config(std::string_view type, const NormalOptions& options) {
    return Config::table({{"type", type}, {"mean", options.mean}, {"stddev", options.stddev}});
}

TypeHelp normal_help(std::string summary) {
    return {.summary = std::move(summary),
            .keys = {{"mean", "0.0", "where the middle is"}, {"stddev", "0.05", "standard deviation"}}};
}

}  // namespace

RandomUniform::RandomUniform(Options options) : options_(options) {
    check_finite("minval", options_.minval);
    check_option(options_.maxval >= options_.minval && std::isfinite(options_.maxval), "maxval",
                 "a number of at least minval", options_.maxval);
}

Config RandomUniform::config() const {
    return Config::table({{"type", type()}, {"minval", options_.minval}, {"maxval", options_.maxval}});
}

void RandomUniform::fill(const Shape& /*shape*/, const RandomStream& stream, std::span<float> values) const {
    draw_uniform(stream, options_.minval, options_.maxval, values);
}

const TypeHelp& RandomUniform::help() {
    static const TypeHelp help{
        .summary = "uniform between two limits",
        .keys = {{"minval", "-0.05", "lower limit"}, {"maxval", "0.05", "upper limit"}}};
    return help;
}

std::unique_ptr<Initializer> RandomUniform::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<RandomUniform>(
        keys, {.minval = keys.get("minval", defaults.minval), .maxval = keys.get("maxval", defaults.maxval)});
}

RandomNormal::RandomNormal(Options options) : options_(options) {
    check_normal(options_);
}

Config RandomNormal::config() const {
    return normal_config(type(), options_);
}

void RandomNormal::fill(const Shape& /*shape*/, const RandomStream& stream, std::span<float> values) const {
    draw_normal(stream, options_.mean, options_.stddev, values);
}

const TypeHelp& RandomNormal::help() {
    static const TypeHelp help = normal_help("normally distributed");
    return help;
}

std::unique_ptr<Initializer> RandomNormal::from_config(const Config& keys) {
    return construct_from<RandomNormal>(keys, read_normal(keys));
}

TruncatedNormal::TruncatedNormal(Options options) : options_(options) {
    check_normal(options_);
}

Config TruncatedNormal::config() const {
    return normal_config(type(), options_);
}

void TruncatedNormal::fill(const Shape& /*shape*/, const RandomStream& stream,
                           std::span<float> values) const {
    draw_truncated_normal(stream, options_.mean, options_.stddev, values);
}

const TypeHelp& TruncatedNormal::help() {
    static const TypeHelp help = normal_help("normally distributed, but at most two stddev from the mean");
    return help;
}

std::unique_ptr<Initializer> TruncatedNormal::from_config(const Config& keys) {
    return construct_from<TruncatedNormal>(keys, read_normal(keys));
}

}  // namespace lockstep
