#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/timer.h>
#include <lockstep/core/duration.h>
#include <lockstep/core/error.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/log/log.h>

#include "support/every.h"
#include "support/from_config.h"
#include "support/progress_text.h"

namespace lockstep {

Timer::Timer(Options options) : options_(std::move(options)) {
    require_verbose("timer", options_.verbose);
    if (!std::isfinite(options_.duration) || options_.duration <= 0.0)
        throw ConfigError(fmt::format(
            "timer: duration: expected a time above 0, got {} s; for example duration = \"1h30m\"",
            options_.duration));
    if (options_.interval != "step" && options_.interval != "epoch")
        throw ConfigError(
            fmt::format(R"(timer: interval: expected "step" or "epoch", got "{}")", options_.interval));
    if (!options_.clock) options_.clock = [watch = Stopwatch()] { return watch.seconds(); };
}

const TypeHelp& Timer::help() {
    static const TypeHelp help{
        .summary = "stops when training has taken as long as it may, all parts of a resumed run together",
        .keys = {
            {"duration", "required", "seconds, \"1h30m\", \"12:00:00\" or \"DD:HH:MM:SS\""},
            {"interval", "\"step\"", "when to look: after every \"step\", or after every \"epoch\" only"},
            {"verbose", "1", "0: stop without a word"}}};
    return help;
}

std::unique_ptr<Callback> Timer::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Timer>(
        keys, {.duration = read_duration(keys.at("duration")),
               .interval = keys.get("interval", defaults.interval),
               .verbose = keys.contains("verbose") ? read_verbose(keys) : defaults.verbose});
}

void Timer::on_train_begin(const Logs& /*logs*/) {
    if (!std::exchange(resumed_, false)) before_ = 0;
    start_ = options_.clock();
    check();
}

void Timer::on_train_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) {
    if (options_.interval == "step") check();
}

void Timer::on_epoch_end(int /*epoch*/, const Logs& /*logs*/) {
    check();
}

void Timer::on_train_end(const Logs& /*logs*/) {
    before_ = elapsed();
    start_.reset();
}

double Timer::elapsed() const {
    return before_ + (start_ ? options_.clock() - *start_ : 0.0);
}

void Timer::check() {
    if (elapsed() < options_.duration || run().stops()) return;
    const std::string reason = fmt::format("the time limit of {} is over", duration_text(options_.duration));
    if (options_.verbose > 0)
        log::info("{}: training has taken {} and stops", reason, duration_text(elapsed()));
    run().stop_training(reason);
}

Config Timer::state() const {
    return Config::table({{"elapsed", elapsed()}});
}

void Timer::restore(const Config& state) {
    before_ = state.get<double>("elapsed");
    start_.reset();
    resumed_ = true;
}

}  // namespace lockstep
