#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <lockstep/train/trainer.h>
#include <lockstep/train/training_run.h>

#include "step_engine.h"

namespace lockstep {

/// The run as callbacks see it, and the wishes that they have left.
class RunState final : public TrainingRun {
public:
    RunState(const Sequential& model, StepEngine& engine, std::filesystem::path directory, Config notes);

    // What callbacks see.
    const Sequential& model() const override { return model_; }
    const RunParams& params() const override { return params_; }
    const RunInfo& info() const override { return info_; }
    const std::filesystem::path& directory() const override { return directory_; }
    std::filesystem::path output_path(const std::filesystem::path& path) const override;
    int epoch() const override { return epoch_; }
    std::int64_t step() const override { return step_; }
    std::uint64_t batch_samples() const override { return batch_samples_; }
    const Logs& batch_logs() const override { return batch_logs_; }
    double learning_rate() const override { return learning_rate_; }
    void set_learning_rate(double rate) override;
    void stop_training(std::string reason) override;
    bool stops() const override { return stops_; }
    const std::string& stop_reason() const override { return stop_reason_; }
    std::vector<float> get_weights() const override;
    void set_weights(std::vector<float> weights) override;
    void request_checkpoint(CheckpointRequest request) override { requests_.push_back(std::move(request)); }
    GradientNorms gradient_norms() const override;
    std::span<const RankTiming> timings() const override { return timings_; }
    const Config& notes() const override { return notes_; }

    // What the trainer says.
    RunParams& params_for_update() { return params_; }
    RunInfo& info_for_update() { return info_; }
    Logs& batch_logs_for_update() { return batch_logs_; }
    std::vector<RankTiming>& timings_for_update() { return timings_; }
    void set_epoch(int epoch) { epoch_ = epoch; }
    void set_step(std::int64_t step) { step_ = step; }
    void set_batch_samples(std::uint64_t samples) { batch_samples_ = samples; }
    void follow_learning_rate(double rate) { learning_rate_ = rate; }
    /// Leaves no wish of an earlier call.
    void forget_wishes();
    /// Hooks run on rank 0 only: what all ranks must call together throws Error while one runs.
    void refuse_in_hook(const char* function) const;
    void set_in_hook(bool in_hook) { in_hook_ = in_hook; }
    void declare_gradient_norms(bool wanted) { has_norms_ = wanted; }

    // What callbacks wish.
    bool has_staged_weights() const { return staged_.has_value(); }
    std::vector<float> take_staged_weights();
    std::vector<CheckpointRequest> take_requests() { return std::exchange(requests_, {}); }

private:
    const Sequential& model_;
    StepEngine& engine_;
    std::filesystem::path directory_;
    Config notes_;
    RunParams params_;
    RunInfo info_;
    int epoch_ = 0;
    std::int64_t step_ = 0;
    std::uint64_t batch_samples_ = 0;
    Logs batch_logs_;
    std::vector<RankTiming> timings_;
    double learning_rate_ = 0;
    bool in_hook_ = false;
    bool stops_ = false;
    std::string stop_reason_;
    bool has_norms_ = false;
    mutable std::vector<double> norms_;
    std::optional<std::vector<float>> staged_;
    std::vector<CheckpointRequest> requests_;
};

}  // namespace lockstep
