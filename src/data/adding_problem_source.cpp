#include <array>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/data/adding_problem_source.h>

#include "source_keys.h"

namespace lockstep {

AddingProblemSource::AddingProblemSource(const Options& options)
    : options_(options),
      random_(options.seed, Purpose::synthetic_data, options.stream),
      input_shape_{options.length, 2},
      numbers_(options.length) {
    if (options.length < 2)
        throw ConfigError("adding_problem: expected a length of at least 2, got " +
                          std::to_string(options.length));
}

void AddingProblemSource::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    const std::uint64_t after_numbers = (options_.length + 3) / 4 * 4;  // draws come in fours
    const std::size_t half = options_.length / 2;
    for (std::size_t row = 0; row < indices.size(); ++row) {
        std::array<float, 2> places{};
        random_.uniform(indices[row], 0, numbers_);
        random_.uniform(indices[row], after_numbers, places);
        const auto first = static_cast<std::size_t>(places[0] * static_cast<float>(half));
        const auto second =
            half + static_cast<std::size_t>(places[1] * static_cast<float>(options_.length - half));
        if (!out.targets.empty()) out.targets.row(row)[0] = numbers_[first] + numbers_[second];
        if (out.inputs.empty()) continue;
        const auto pairs = out.inputs.row(row);
        for (std::size_t step = 0; step < options_.length; ++step) {
            pairs[2 * step] = numbers_[step];
            pairs[2 * step + 1] = step == first || step == second ? 1.0F : 0.0F;
        }
    }
}

const TypeHelp& AddingProblemSource::help() {
    static const TypeHelp help{.summary = "synthetic sequences: the sum of two marked numbers, without files",
                               .keys = {source_keys::kSamples,
                                        {"length", "50", "steps of a sequence"},
                                        source_keys::kSeed,
                                        source_keys::kFirst}};
    return help;
}

std::unique_ptr<Source> AddingProblemSource::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<AddingProblemSource>(keys, {.samples = source_keys::samples(keys),
                                                      .length = keys.get("length", defaults.length),
                                                      .seed = keys.get<std::size_t>("seed", 0),
                                                      .stream = source_keys::stream(keys)});
}

}  // namespace lockstep
