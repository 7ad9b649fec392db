#include "resume.h"

#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "rank_report.h"

namespace lockstep {

namespace {

void begin_epoch(Trainer::State& state) {
    state.position.epoch_batch = 0;
    state.validation.reset();
    state.records.clear();
}

/// What was recorded in the epoch at hand: each rank its own, if there are as many ranks as there were.
void restore_records(Trainer::State& state) {
    const auto ranks = static_cast<std::size_t>(state.session.size());
    const auto reports = std::exchange(state.records, {});
    for (auto rank = static_cast<std::size_t>(state.session.rank()); rank < reports.size(); rank += ranks)
        put_back_records(RankReport::from_text(reports[rank]).records);
}

}  // namespace

void find_place_in_data(Trainer::State& state, std::uint64_t pass_batches, bool leaves_rest) {
    TrainingPosition& position = state.position;
    const bool continues_pass = leaves_rest && position.pass_batch < pass_batches;
    if (position.pass_batch != 0 && !continues_pass && !state.restored) {
        ++position.pass;
        position.pass_batch = 0;
    }
    if (position.pass_batch >= pass_batches)
        throw DataError(
            fmt::format("the checkpoint is from batch {} of a pass over its data, here a pass has {}; "
                        "go on with the data and the batch_size that it was made with",
                        position.pass_batch, pass_batches));
}

bool resume(Trainer::State& state, CallbackList& hooks) {
    take_records();  // of whatever came before
    const auto restored = std::exchange(state.restored, std::nullopt);
    if (!restored) {
        begin_epoch(state);
        return false;
    }
    state.session.together([&] {
        if (state.is_root()) hooks.restore(restored->states);
    });
    if (restored->stopped) state.run.stop_training(restored->stop_reason, restored->stop_cause);
    restore_records(state);
    return true;
}

}  // namespace lockstep
