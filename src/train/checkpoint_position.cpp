#include "checkpoint_position.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "rank_report.h"

namespace lockstep {

namespace {

template <typename T>
Config list(const std::vector<T>& values) {
    Config array = Config::array();
    for (const T& value : values) array.push_back(value);
    return array;
}

Config validation_config(const UnfinishedValidation& validation) {
    Config timings = Config::array();
    for (const RankTiming& timing : validation.timings)
        timings.push_back(RankReport{.timing = timing}.to_text());
    return Config::table({{"batches", validation.batches},
                          {"numbers", list(validation.numbers)},
                          {"confusion", list(validation.confusion)},
                          {"logs", to_text(validation.logs)},
                          {"timings", timings}});
}

/// How often something was done: what is not negative, and can still be counted on from.
template <typename T>
T count(const Config& place, const char* key) {
    constexpr std::int64_t kMost = static_cast<std::int64_t>(
        std::min<std::uint64_t>(std::numeric_limits<T>::max() / 2, std::uint64_t{1} << 60));
    const auto number = place.get<std::int64_t>(key);
    if (number < 0 || number > kMost)
        place.at(key).fail(fmt::format("expected an integer from 0 to {}, got {}", kMost, number));
    return static_cast<T>(number);
}

void require_numbers(const std::vector<double>& numbers, const Trainer::State& state,
                     const std::filesystem::path& path) {
    if (numbers.size() != state.objective.numbers())
        throw DataError(fmt::format("{}: expected {} numbers of the epoch at hand, got {}", path.string(),
                                    state.objective.numbers(), numbers.size()));
}

UnfinishedValidation read_validation(const Config& place) {
    UnfinishedValidation validation{.batches = count<std::int64_t>(place, "batches"),
                                    .numbers = place.get<std::vector<double>>("numbers"),
                                    .confusion = place.get<std::vector<std::int64_t>>("confusion"),
                                    .logs = logs_from_text(place.get<std::string>("logs"))};
    for (const auto& timing : place.get<std::vector<std::string>>("timings"))
        validation.timings.push_back(RankReport::from_text(timing).timing);
    return validation;
}

}  // namespace

Config position_config(Trainer::State& state) {
    const TrainingPosition& position = state.position;
    const StopCause cause = state.run.stop_cause();
    Config place = Config::table({{"pass", position.pass},
                                  {"pass_batch", position.pass_batch},
                                  {"step", position.step},
                                  {"epochs_done", position.epochs_done},
                                  {"epoch_batch", position.epoch_batch},
                                  {"epoch_numbers", list(state.epoch_numbers)},
                                  {"stopped", state.run.stops() && cause != StopCause::request},
                                  {"stop_reason", state.run.stop_reason()},
                                  {"diverged", cause == StopCause::diverged},
                                  {"iterations", state.engine.rule().iterations()},
                                  {"accumulated", state.engine.rule().accumulated()},
                                  {"learning_rate", state.run.learning_rate()},
                                  {"used_learning_rate", state.run.used_learning_rate()}});
    if (state.validation) place.set("validation", validation_config(*state.validation));
    if (!state.records.empty()) place.set("records", list(state.records));
    return place;
}

void restore_position(Trainer::State& state, const Config& place, const std::filesystem::path& path) {
    state.position = {.pass = count<std::uint64_t>(place, "pass"),
                      .pass_batch = count<std::uint64_t>(place, "pass_batch"),
                      .step = count<std::int64_t>(place, "step"),
                      .epochs_done = count<int>(place, "epochs_done"),
                      .epoch_batch = count<std::int64_t>(place, "epoch_batch")};
    state.epoch_numbers = place.get<std::vector<double>>("epoch_numbers");
    if (state.position.epoch_batch != 0) require_numbers(state.epoch_numbers, state, path);
    state.engine.rule().restore(count<std::int64_t>(place, "iterations"), count<int>(place, "accumulated"));
    state.run.follow_learning_rate(place.get<double>("learning_rate"));
    state.run.use_learning_rate(place.get("used_learning_rate", state.run.learning_rate()));
    state.records = place.get("records", std::vector<std::string>{});
    state.validation.reset();
    if (!place.contains("validation")) return;
    state.validation = read_validation(place.at("validation"));
    require_numbers(state.validation->numbers, state, path);
}

}  // namespace lockstep
