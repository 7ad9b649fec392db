#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <lockstep/data/batch_loader.h>
#include <lockstep/data/batch_plan.h>
#include <lockstep/nn/workspace.h>
#include <lockstep/train/class_weights.h>
#include <lockstep/train/training_run.h>

#include "trainer_state.h"

namespace lockstep {

/// One rank's work on batches: memory for its rows, and the way of a batch through model, loss and exchange.
class BatchRunner {
public:
    /// `batch_size`: the largest, over all ranks. Without `training` there is no memory for gradients.
    /// `classes`: what samples count besides their own weights.
    BatchRunner(Trainer::State& state, std::uint64_t batch_size, bool training, ClassWeights classes = {});

    BatchRunner(const BatchRunner&) = delete;
    BatchRunner& operator=(const BatchRunner&) = delete;

    const BatchPlan& plan() const { return plan_; }
    /// Random streams of this pass over the data.
    void begin_pass(std::uint64_t seed, std::uint64_t pass) { workspace_.begin_pass(seed, pass); }

    /// On every rank, before rank 0 publishes its control.
    void begin(const Batch& batch);

    /// Forward, backward, update. False if the attempt was dropped.
    bool train(const Batch& batch);
    /// Forward, loss and metrics. False if dropped.
    bool test(const Batch& batch);
    /// Forward. False if dropped. outputs() then has this rank's rows.
    bool predict(const Batch& batch);
    ConstMatrix outputs() const { return outputs_; }
    /// The weight, nearest to the loss, whose gradient on this rank was not finite in the last train();
    /// looked for only if on_nonfinite says so.
    std::optional<std::size_t> non_finite_weight() const { return non_finite_; }

    /// Seconds since take_timing() was last called.
    RankTiming take_timing();

private:
    class Clock;
    void forward(const Batch& batch, bool training);
    void evaluate(const Batch& batch, Matrix gradient);
    std::span<const float> weigh(const Batch& batch);
    void drop();
    void look_for_non_finite(std::size_t group);

    StepEngine& engine_;
    RankStatus& status_;
    Objective& objective_;
    BatchPlan plan_;
    Workspace workspace_;
    ClassWeights classes_;
    std::vector<float> weights_;  // of the rows, if classes have weights
    std::vector<std::uint32_t> map_;
    std::uint64_t map_samples_ = 0;
    Matrix outputs_;
    Workspace::GroupHook await_, publish_;
    const ParameterLayout& layout_;
    bool guarded_;
    std::optional<std::size_t> non_finite_;
    RankTiming timing_;
    double accounted_ = 0;  // seconds that scopes have added to timing_ so far
    double waited_ = 0;     // up to take_timing()
};

}  // namespace lockstep
