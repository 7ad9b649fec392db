#pragma once

#include <optional>
#include <string>

#include "batch_runner.h"
#include "trainer_state.h"

namespace lockstep {

/// Sees to what TrainerOptions::on_nonfinite says.
class NonFiniteGuard {
public:
    explicit NonFiniteGuard(Trainer::State& state) : state_(state) {}

    /// Collective, after each attempt that was not dropped. If its gradient was not finite: stops training,
    /// warns, or throws DivergedError, on all ranks alike.
    void look(const BatchRunner& runner);

private:
    std::string find_source(const BatchRunner& runner) const;
    void warn(const std::string& what) const;

    Trainer::State& state_;
    int in_a_row_ = 0;
};

}  // namespace lockstep
