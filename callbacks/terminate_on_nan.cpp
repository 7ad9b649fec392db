#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/terminate_on_nan.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/from_config.h"

namespace lockstep {

TerminateOnNaN::TerminateOnNaN(Options options)
    : raise_error_(options.raise_error), checks_all_(options.check == "all") {
    if (options.check != "loss" && options.check != "all")
        throw ConfigError(
            fmt::format(R"(terminate_on_nan: check: expected "loss" or "all", got "{}")", options.check));
}

const TypeHelp& TerminateOnNaN::help() {
    static const TypeHelp help{
        .summary = "stops at the first batch whose loss is not finite; exit code 4",
        .keys = {{"raise_error", "false", "end with an error, without validation and the ends of callbacks"},
                 {"check", "\"loss\"", "\"all\": metrics too"}}};
    return help;
}

std::unique_ptr<Callback> TerminateOnNaN::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<TerminateOnNaN>(keys, {.raise_error = keys.get("raise_error", defaults.raise_error),
                                                 .check = keys.get("check", defaults.check)});
}

void TerminateOnNaN::on_train_batch_end(std::int64_t batch, const Logs& /*logs*/) {
    const auto is_wrong = [this](const Logs::Entry& entry) {
        return (checks_all_ || entry.first == "loss") && !std::isfinite(entry.second);
    };
    const std::vector<Logs::Entry>& values = run().batch_logs().entries();
    if (const auto wrong = std::ranges::find_if(values, is_wrong); wrong != values.end()) end(batch, *wrong);
}

void TerminateOnNaN::end(std::int64_t batch, const Logs::Entry& entry) const {
    const std::string reason = fmt::format("training diverged in batch {} of epoch {}: {} is {}", batch + 1,
                                           run().epoch() + 1, entry.first, entry.second);
    if (raise_error_) throw DivergedError(reason);
    if (!run().stops()) log::warning("{}; training stops", reason);
    run().stop_training(reason, StopCause::diverged);
}

}  // namespace lockstep
