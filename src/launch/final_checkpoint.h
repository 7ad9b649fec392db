#pragma once

#include <lockstep/train/callback.h>

namespace lockstep {

/// Writes checkpoints/final.h5 when training ends, with the states of all callbacks, so that a run can be
/// continued when `epochs` grows; not when training was stopped on request, and is not over. It has the
/// weights that others put back in their on_train_end.
class FinalCheckpoint final : public Callback {
public:
    void on_train_end(const Logs& logs) override;
};

}  // namespace lockstep
