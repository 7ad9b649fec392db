#pragma once

#include <lockstep/train/callback.h>

namespace lockstep {

/// Writes checkpoints/final.h5 after the last epoch, with the states of all callbacks, so that a run can be
/// continued when `epochs` grows. The last one of the list: it must know whether another callback has stopped
/// training.
class FinalCheckpoint final : public Callback {
public:
    void on_epoch_end(int epoch, const Logs& logs) override;
};

}  // namespace lockstep
