#include <lockstep/core/construct.h>

#include "norm_constraint.h"

namespace lockstep {
namespace {

std::vector<std::size_t> read_axis(const Config& keys) {
    const Config value = keys.find("axis");
    if (value.is_null()) return {0};
    return value.is_array() ? value.as<std::vector<std::size_t>>() : std::vector{value.as<std::size_t>()};
}

TypeHelp::Key axis_key() {
    return {"axis", "0",
            "axes along which norms are taken: 0 of a dense kernel, [0, 1, 2] of a conv2d kernel"};
}

}  // namespace

MaxNorm::MaxNorm(Options options)
    : NormConstraint({.min_value = 0.0, .max_value = options.max_value}, std::move(options.axis)),
      max_value_(options.max_value) {}

Config MaxNorm::config() const {
    return with_axis(Config::table({{"type", type()}, {"max_value", max_value_}}));
}

const TypeHelp& MaxNorm::help() {
    static const TypeHelp help{.summary = "the norm of what goes into a unit is at most max_value",
                               .keys = {{"max_value", "2.0", "the largest norm"}, axis_key()}};
    return help;
}

std::unique_ptr<Constraint> MaxNorm::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<MaxNorm>(
        keys, {.max_value = keys.get("max_value", defaults.max_value), .axis = read_axis(keys)});
}

MinMaxNorm::MinMaxNorm(Options options)
    : NormConstraint({options.min_value, options.max_value, options.rate}, std::move(options.axis)),
      limits_{options.min_value, options.max_value, options.rate} {}

Config MinMaxNorm::config() const {
    return with_axis(Config::table({{"type", type()},
                                    {"min_value", limits_.min_value},
                                    {"max_value", limits_.max_value},
                                    {"rate", limits_.rate}}));
}

const TypeHelp& MinMaxNorm::help() {
    static const TypeHelp help{.summary = "the norm of what goes into a unit lies between two limits",
                               .keys = {{"min_value", "0.0", "the smallest norm"},
                                        {"max_value", "1.0", "the largest norm"},
                                        {"rate", "1.0", "share of the way there in one update"},
                                        axis_key()}};
    return help;
}

std::unique_ptr<Constraint> MinMaxNorm::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<MinMaxNorm>(keys, {.min_value = keys.get("min_value", defaults.min_value),
                                             .max_value = keys.get("max_value", defaults.max_value),
                                             .rate = keys.get("rate", defaults.rate),
                                             .axis = read_axis(keys)});
}

UnitNorm::UnitNorm(Options options)
    : NormConstraint({.min_value = 1.0, .max_value = 1.0}, std::move(options.axis)) {}

Config UnitNorm::config() const {
    return with_axis(Config::table({{"type", type()}}));
}

const TypeHelp& UnitNorm::help() {
    static const TypeHelp help{.summary = "the norm of what goes into a unit is 1", .keys = {axis_key()}};
    return help;
}

std::unique_ptr<Constraint> UnitNorm::from_config(const Config& keys) {
    return construct_from<UnitNorm>(keys, {.axis = read_axis(keys)});
}

}  // namespace lockstep
