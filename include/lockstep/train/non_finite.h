#pragma once

namespace lockstep {

/// What becomes of a step whose gradient has NaN or Inf. Unless they are ignored, no rank makes the update of
/// such a step, and a line names the rank and the weight.
enum class NonFinite {
    ignore,  // Keras
    stop,    // training ends after this step, as diverged; callbacks and validation end as usual
    skip,    // goes on with the next batch; stops after ten such steps in a row
    raise,   // fit() throws DivergedError
};

}  // namespace lockstep
