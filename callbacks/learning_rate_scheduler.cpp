#include <utility>

#include <lockstep/callbacks/learning_rate_scheduler.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/every.h"
#include "support/from_config.h"
#include "support/lr_schedule.h"

namespace lockstep {

LearningRateScheduler::LearningRateScheduler(Options options) : options_(std::move(options)) {
    require_verbose("learning_rate_scheduler", options_.verbose);
    if (!options_.schedule)
        throw ConfigError(
            "learning_rate_scheduler: schedule: expected a function of epoch and rate, got none; for example "
            ".schedule = [](int epoch, double rate) { return epoch < 10 ? rate : 0.1 * rate; }");
}

const TypeHelp& LearningRateScheduler::help() {
    static const TypeHelp help{
        .summary = "sets the learning rate at the beginning of every epoch",
        .keys = {
            {"schedule", "required",
             "[[epoch, rate], ...], from 0; or { type = \"exponential_decay\", initial_learning_rate = 0.1, "
             "decay_epochs = 10, decay_rate = 0.5 }; other types: step_decay, inverse_time_decay, "
             "polynomial_decay, cosine_decay"},
            {"verbose", "0", "1: say which rate is set"}}};
    return help;
}

std::unique_ptr<Callback> LearningRateScheduler::from_config(const Config& keys) {
    return construct_from<LearningRateScheduler>(
        keys, {.schedule = read_schedule(keys.at("schedule")), .verbose = read_verbose(keys)});
}

void LearningRateScheduler::on_epoch_begin(int epoch, const Logs& /*logs*/) {
    const double rate = options_.schedule(epoch, run().learning_rate());
    run().set_learning_rate(rate);
    if (options_.verbose > 0)
        log::info("Epoch {}: LearningRateScheduler setting learning rate to {}.", epoch + 1, rate);
}

}  // namespace lockstep
