#pragma once

#include <vector>

#include "batch_runner.h"
#include "trainer_state.h"

namespace lockstep {

/// One batch that the caller brings along, the same on every rank; each rank works on its shards of it.
class ManualBatch {
public:
    /// Throws ShapeError if the matrices do not fit the model or each other, or the weights them; ConfigError
    /// as ClassWeights do.
    ManualBatch(Trainer::State& state, ConstMatrix inputs, ConstMatrix targets, const BatchWeights& weights);

    /// Collective. Loss and metrics of the batch, on every rank.
    Logs train();
    Logs test();

private:
    Logs attempt(bool training);

    Trainer::State& state_;
    std::vector<ShardRows> shards_;
    Batch batch_;
    ClassWeights classes_;
};

}  // namespace lockstep
