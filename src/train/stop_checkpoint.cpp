#include "stop_checkpoint.h"

#include <string>
#include <system_error>

#include <lockstep/math/kernels.h>

#include "rank_report.h"

namespace lockstep {

namespace {

/// Collective. What was recorded on all ranks since the last epoch's report, to rank 0.
void gather_records(Trainer::State& state) {
    const Communicator& world = state.session.world();
    const RankReport report{.records = take_records()};
    if (world.maximum(report.records.empty() ? 0 : 1) != 0) state.records = world.gather(report.to_text());
}

}  // namespace

void take_stop_checkpoint(Trainer::State& state, const std::filesystem::path& path,
                          const CallbackList& hooks) {
    gather_records(state);
    std::string reason = state.stop_requests->reason();
    bool is_sound = true;
    state.session.together([&] {
        if (!state.is_root()) return;
        is_sound = math::all_finite(state.run.weights());
        if (is_sound)
            state.write_checkpoint(state.run.output_path(path), false, &hooks);
        else
            reason += "; the weights are not finite, so there is no checkpoint of them";
    });
    is_sound = state.session.world().broadcast_value(is_sound);
    state.run.stop_training(reason, is_sound ? StopCause::request : StopCause::diverged);
}

void remove_stop_checkpoint(const Trainer::State& state, const std::filesystem::path& path) {
    const bool is_over = !state.suspended && state.run.stop_cause() != StopCause::diverged;
    if (!is_over || !math::all_finite(state.run.weights())) return;
    std::error_code none;
    std::filesystem::remove(state.run.directory() / path, none);
}

}  // namespace lockstep
