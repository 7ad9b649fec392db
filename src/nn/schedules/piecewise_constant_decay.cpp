#include <algorithm>
#include <string>

#include <lockstep/core/construct.h>
#include <lockstep/nn/schedules/piecewise_constant_decay.h>

#include "../number_checks.h"
#include "../option_check.h"

namespace lockstep {

PiecewiseConstantDecay::PiecewiseConstantDecay(Options options) : options_(std::move(options)) {
    const auto& [boundaries, values] = options_;
    check_option(values.size() == boundaries.size() + 1, "values",
                 std::to_string(boundaries.size() + 1) + ", one more than boundaries", values.size());
    for (const double value : values) check_not_negative("values", value);
    for (std::size_t i = 1; i < boundaries.size(); ++i)
        check_option(boundaries[i] > boundaries[i - 1], "boundaries",
                     "a step after " + std::to_string(boundaries[i - 1]), boundaries[i]);
}

Config PiecewiseConstantDecay::config() const {
    return Config::table(
        {{"boundaries", Config::array({options_.boundaries.begin(), options_.boundaries.end()})},
         {"values", Config::array({options_.values.begin(), options_.values.end()})}});
}

double PiecewiseConstantDecay::rate(std::int64_t step) const {
    const auto& boundaries = options_.boundaries;
    const auto next = std::ranges::lower_bound(boundaries, step);
    return options_.values[static_cast<std::size_t>(next - boundaries.begin())];
}

const TypeHelp& PiecewiseConstantDecay::help() {
    static const TypeHelp help{
        .summary = "one rate up to each boundary",
        .keys = {{"boundaries", "required", "the last steps of all rates but the last, as a list"},
                 {"values", "required", "the rates, as a list: one more than boundaries"}}};
    return help;
}

std::unique_ptr<Schedule> PiecewiseConstantDecay::from_config(const Config& keys) {
    return construct_from<PiecewiseConstantDecay>(
        keys, {.boundaries = keys.get<std::vector<std::int64_t>>("boundaries"),
               .values = keys.get<std::vector<double>>("values")});
}

}  // namespace lockstep
