#include "fit_loop.h"

#include <utility>

#include <lockstep/log/setup.h>
#include <lockstep/train/callback_checks.h>

#include "epoch_report.h"
#include "resume.h"
#include "stop_checkpoint.h"

namespace lockstep {

FitLoop::FitLoop(Trainer::State& state, const Dataset& training, const std::optional<Dataset>& validation,
                 const FitOptions& options)
    : state_(state), options_(options), data_(training), training_(state, training, options) {
    if (validation) validation_.emplace(state, *validation, options);
    state.run.params_for_update() = {.epochs = options.epochs,
                                     .initial_epoch = options.initial_epoch,
                                     .steps = training_.steps(),
                                     .verbose = options.verbose,
                                     .metrics = state.objective.keys(),
                                     .has_validation = validation.has_value(),
                                     .batch_size = options.batch_size,
                                     .samples = training.size()};
    state.stop_requests.emplace(options.deadline, state.run.info().ranks);
}

void FitLoop::run(CallbackList& hooks) {
    begin(hooks);
    for (int epoch = options_.initial_epoch; goes_on(epoch); ++epoch) run_epoch(epoch, hooks);
    end(hooks);
}

void FitLoop::begin(CallbackList& hooks) {
    state_.session.together([&] {
        check_callbacks(options_.callbacks, state_.objective.epoch_keys(validation_.has_value()),
                        *state_.optimizer);
    });
    state_.provide(hooks, options_.validation_data.value_or(data_),
                   options_.validation_data ? "validation" : "training");
    find_place_in_data(state_, training_.pass_batches(), options_.steps_per_epoch.has_value());
    resumed_ = resume(state_, hooks);
    state_.run.set_epoch(options_.initial_epoch);
    state_.run.set_step(state_.position.step);
    hooks.run(hook::train_begin, Logs{});
    state_.settle(hooks);
    if (resumed_ && state_.position.step > 0) state_.run.set_step(state_.position.step - 1);  // the last one
}

/// Collective. Between epochs training can be suspended, too.
bool FitLoop::goes_on(int epoch) {
    const bool is_over = state_.run.stops() && state_.position.epoch_batch == 0;
    if (state_.suspended || is_over || epoch >= options_.epochs) return false;
    state_.stop_requests->hear_all(state_.session.world());
    state_.suspended = state_.session.world().broadcast_value(state_.is_asked_to_stop());
    return !state_.suspended;
}

void FitLoop::run_epoch(int epoch, CallbackList& hooks) {
    state_.run.set_epoch(epoch);
    log::set_progress(epoch, state_.position.step);
    const auto unfinished = std::exchange(state_.validation, std::nullopt);
    if (unfinished) {
        logs_ = unfinished->logs;
        state_.run.timings_for_update() = unfinished->timings;
    } else {
        train(epoch, hooks);
    }
    if (!state_.suspended && validation_ && validation_->is_due(epoch))
        validation_->run(logs_, unfinished, hooks);
    if (!state_.suspended) end_epoch(epoch, hooks);
}

void FitLoop::train(int epoch, CallbackList& hooks) {
    logs_ = training_.run(epoch, hooks);
    if (state_.suspended) return;
    state_.settle(hooks);
    report_epoch(state_, training_.take_timing(), logs_);
}

/// fit() returns the same history on every rank.
void FitLoop::end_epoch(int epoch, CallbackList& hooks) {
    logs_ = state_.share(logs_);
    state_.history.append(epoch, logs_);
    ++state_.position.epochs_done;
    state_.position.epoch_batch = 0;
    hooks.run(hook::epoch_end, epoch, logs_);
    state_.settle(hooks);
}

void FitLoop::end(CallbackList& hooks) {
    if (state_.suspended) take_stop_checkpoint(state_, options_.stop_checkpoint, hooks);
    hooks.freeze_states();
    hooks.run(hook::train_end, logs_);
    state_.settle(hooks);
    if (state_.is_root() && resumed_) remove_stop_checkpoint(state_, options_.stop_checkpoint);
    state_.session.status().enter(RankPhase::done);
}

}  // namespace lockstep
