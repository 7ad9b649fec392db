#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lockstep/train/callback.h>
#include <lockstep/train/trainer.h>

#include "confusion_matrix.h"
#include "step_engine.h"

namespace lockstep {

/// The run as callbacks see it, and the wishes that they have left.
class RunState final : public TrainingRun {
public:
    RunState(const Sequential& model, const Optimizer& optimizer, StepEngine& engine,
             std::filesystem::path directory, Config notes);

    // What callbacks see.
    const Sequential& model() const override { return model_; }
    const RunParams& params() const override { return params_; }
    const RunInfo& info() const override { return info_; }
    const std::filesystem::path& directory() const override { return directory_; }
    std::filesystem::path output_path(const std::filesystem::path& path) const override;
    std::filesystem::path claim_output(const std::filesystem::path& path) override;
    int epoch() const override { return epoch_; }
    std::int64_t step() const override { return step_; }
    std::uint64_t batch_samples() const override { return batch_samples_; }
    const Logs& batch_logs() const override { return batch_logs_; }
    double learning_rate() const override;
    double used_learning_rate() const override { return used_learning_rate_; }
    void set_learning_rate(double rate) override;
    void stop_training(std::string reason, StopCause cause = StopCause::wish) override;
    bool stops() const override { return stops_; }
    const std::string& stop_reason() const override { return stop_reason_; }
    StopCause stop_cause() const override { return stop_cause_; }
    std::span<const float> weights() const override;
    std::span<const float> averaged_weights() const override;
    void set_weights(std::vector<float> weights) override;
    void request_checkpoint(CheckpointRequest request) override { requests_.push_back(std::move(request)); }
    GradientNorms gradient_norms() const override;
    std::span<const float> gradients() const override;
    ConfusionCounts confusion() const override;
    Probe& probe() override;
    std::span<const RankTiming> timings() const override { return timings_; }
    io::TableFile& run_file() const override;
    void share_run_file(std::shared_ptr<io::TableFile> file) override { run_file_ = std::move(file); }
    const Config& notes() const override { return notes_; }

    // What the trainer says.
    RunParams& params_for_update() { return params_; }
    RunInfo& info_for_update() { return info_; }
    Logs& batch_logs_for_update() { return batch_logs_; }
    std::vector<RankTiming>& timings_for_update() { return timings_; }
    void set_epoch(int epoch) { epoch_ = epoch; }
    void set_step(std::int64_t step) { step_ = step; }
    void set_batch_samples(std::uint64_t samples) { batch_samples_ = samples; }
    /// What rank 0 has. Means nothing under a schedule.
    void follow_learning_rate(double rate) { learning_rate_ = rate; }
    /// A step with this rate begins.
    void use_learning_rate(double rate) { used_learning_rate_ = rate; }
    ConfusionMatrix& confusion_for_update() { return confusion_; }
    /// From here on hooks are those of a validation within fit, or not.
    void set_in_validation(bool in_validation) { in_validation_ = in_validation; }
    /// Leaves no wish of an earlier call.
    void forget_wishes();
    /// Hooks run on rank 0 only: what all ranks must call together throws Error while one runs.
    void refuse_in_hook(const char* function) const;
    void set_in_hook(bool in_hook);
    /// Whose hook it is, until set_in_hook(); for messages.
    void set_caller(const Callback* callback) { caller_ = callback; }
    /// What callbacks declared, and the samples that they look at (null: none).
    void declare(const Needs& needs, std::unique_ptr<Probe> probe);
    const Needs& needs() const { return needs_; }

    // What callbacks wish.
    bool has_staged_weights() const { return staged_.has_value(); }
    std::vector<float> take_staged_weights();
    /// Of checkpoints. Within a validation, those of more than the weights wait until it has ended.
    std::vector<CheckpointRequest> take_requests();

private:
    const Sequential& model_;
    const Optimizer& optimizer_;
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
    double learning_rate_;       // of the next step, without a schedule
    double used_learning_rate_;  // of the last one
    bool in_hook_ = false;
    bool in_validation_ = false;
    const Callback* caller_ = nullptr;
    bool stops_ = false;
    std::string stop_reason_;
    StopCause stop_cause_ = StopCause::wish;
    Needs needs_;
    mutable std::vector<double> norms_;
    ConfusionMatrix confusion_;
    std::unique_ptr<Probe> probe_;
    std::shared_ptr<io::TableFile> run_file_;
    std::set<std::filesystem::path> claimed_;
    std::optional<std::vector<float>> staged_;
    std::vector<CheckpointRequest> requests_;
};

}  // namespace lockstep
