#include "non_finite_guard.h"

#include <vector>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

namespace lockstep {

namespace {

constexpr int kMostInARow = 10;

}  // namespace

void NonFiniteGuard::look(const BatchRunner& runner) {
    if (!state_.engine.rule().found_non_finite()) {
        in_a_row_ = 0;
        return;
    }
    const std::string source = find_source(runner);
    if (state_.options.on_nonfinite == NonFinite::raise) {
        if (state_.is_root()) state_.engine.collect();
        throw DivergedError(source);
    }
    if (state_.options.on_nonfinite == NonFinite::skip && ++in_a_row_ < kMostInARow)
        return warn(source + "; the step is skipped");
    warn(source + (in_a_row_ > 0 ? fmt::format(", for {} steps in a row; training stops", in_a_row_)
                                 : "; training stops"));
    state_.run.stop_training(source, StopCause::diverged);
}

/// The first rank with such a gradient, and its weight nearest to the loss.
std::string NonFiniteGuard::find_source(const BatchRunner& runner) const {
    const std::vector<Parameter>& parameters = state_.model.parameters().parameters;
    const auto mine = runner.non_finite_weight();
    const std::vector<std::string> found =
        state_.session.world().all_gather(mine ? parameters[*mine].path() : "");
    const std::string place = fmt::format("epoch {}, step {}", state_.run.epoch() + 1, state_.position.step);
    for (std::size_t rank = 0; rank < found.size(); ++rank)
        if (!found[rank].empty())
            return fmt::format("{}: the gradient of {} on rank {} ({}) has NaN or Inf", place, found[rank],
                               rank, state_.run.info().ranks[rank].host);
    return fmt::format("{}: the sum of the ranks' gradients has NaN or Inf", place);
}

void NonFiniteGuard::warn(const std::string& what) const {
    if (state_.is_root()) log::write(log::Level::warning, "train", what);
}

}  // namespace lockstep
