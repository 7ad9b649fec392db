#include "final_checkpoint.h"

#include <lockstep/launch/run_directory.h>
#include <lockstep/log/log.h>
#include <lockstep/math/kernels.h>

namespace lockstep {

void FinalCheckpoint::on_train_end(const Logs& /*logs*/) {
    if (run().stops() && run().stop_cause() == StopCause::request) return;
    if (!math::all_finite(run().weights())) {
        log::warning("the weights are not finite: no final checkpoint; the last good one stays the newest");
        return;
    }
    run().request_checkpoint({.path = final_checkpoint(""), .weights_only = false});
}

}  // namespace lockstep
