#include "final_checkpoint.h"

#include <lockstep/launch/run_directory.h>

namespace lockstep {

void FinalCheckpoint::on_epoch_end(int epoch, const Logs& /*logs*/) {
    if (run().stops() || epoch + 1 >= run().params().epochs)
        run().request_checkpoint({.path = final_checkpoint(""), .weights_only = false});
}

}  // namespace lockstep
