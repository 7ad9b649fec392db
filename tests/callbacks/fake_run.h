#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/io/table_file.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/training_run.h>

#include "error_of.h"
#include "scratch_directory.h"

namespace lockstep {

inline Logs make_logs(std::initializer_list<Logs::Entry> entries) {
    Logs logs;
    for (const auto& [key, value] : entries) logs.set(key, value);
    return logs;
}

/// A run without a trainer: a test sets what callbacks see, and looks at what they wished.
class FakeRun final : public TrainingRun {
public:
    explicit FakeRun(std::filesystem::path directory) : directory_(std::move(directory)) {
        model_.add<Dense>({.units = 1});
        model_.build();
    }

    const Sequential& model() const override { return model_; }
    const RunParams& params() const override { return params_now; }
    const RunInfo& info() const override { return info_now; }
    const std::filesystem::path& directory() const override { return directory_; }
    std::filesystem::path output_path(const std::filesystem::path& path) const override {
        const std::filesystem::path whole = directory_ / path;
        std::filesystem::create_directories(whole.parent_path());
        return whole;
    }
    std::filesystem::path claim_output(const std::filesystem::path& path) override {
        return output_path(path);
    }
    int epoch() const override { return epoch_now; }
    std::int64_t step() const override { return step_now; }
    std::uint64_t batch_samples() const override { return samples_now; }
    const Logs& batch_logs() const override { return batch_logs_now; }
    double learning_rate() const override { return rate_now; }
    double used_learning_rate() const override { return used_rate_now.value_or(rate_now); }
    void set_learning_rate(double rate) override { rate_now = rate; }
    void stop_training(std::string reason, StopCause cause = StopCause::wish) override {
        stopped = true;
        cause_ = cause;
        reason_ = std::move(reason);
    }
    bool stops() const override { return stopped; }
    const std::string& stop_reason() const override { return reason_; }
    StopCause stop_cause() const override { return cause_; }
    std::span<const float> weights() const override { return weights_now; }
    std::span<const float> averaged_weights() const override { return averages_now; }
    void set_weights(std::vector<float> weights) override { weights_now = std::move(weights); }
    /// As the trainer does: relative paths begin at the run directory.
    void request_checkpoint(CheckpointRequest request) override {
        request.path = output_path(request.path);
        requests.push_back(std::move(request));
    }
    void remove_checkpoint(const std::filesystem::path& path) override {
        removals.push_back(output_path(path));
    }
    GradientNorms gradient_norms() const override {
        return {.weights = norms_now,
                .global = std::sqrt(
                    std::inner_product(norms_now.begin(), norms_now.end(), norms_now.begin(), 0.0))};
    }
    std::span<const float> gradients() const override { return gradients_now; }
    ConfusionCounts confusion() const override { return {.classes = classes_now, .counts = confusion_now}; }
    Probe& probe() override { return *probe_now; }
    std::span<const RankTiming> timings() const override { return timings_now; }
    const Config& notes() const override { return notes_now; }
    void share_run_file(std::shared_ptr<io::TableFile> file) override { run_file_now = std::move(file); }
    io::TableFile& run_file() const override {
        if (!run_file_now) throw ConfigError("no run_logger");
        return *run_file_now;
    }

    Sequential& model_for_change() { return model_; }

    RunParams params_now;
    RunInfo info_now;
    int epoch_now = 0;
    std::int64_t step_now = 0;
    std::uint64_t samples_now = 0;
    Logs batch_logs_now;
    double rate_now = 0.1;
    std::optional<double> used_rate_now;  // none: rate_now
    bool stopped = false;
    std::vector<float> weights_now, averages_now, gradients_now;
    std::size_t classes_now = 0;
    std::vector<std::int64_t> confusion_now;
    std::unique_ptr<Probe> probe_now;
    std::vector<CheckpointRequest> requests;
    std::vector<std::filesystem::path> removals;
    std::vector<double> norms_now;
    std::vector<RankTiming> timings_now;
    Config notes_now = Config::table();
    std::shared_ptr<io::TableFile> run_file_now;

private:
    std::filesystem::path directory_;
    Sequential model_{{2}};
    std::string reason_;
    StopCause cause_ = StopCause::wish;
};

/// A fake run in a directory of its own.
class CallbackTest : public testing::Test {
protected:
    /// A callback of this run; it lives as long as the test.
    template <typename C>
    C& make(typename C::Options options) {
        auto callback = std::make_unique<C>(std::move(options));
        callback->attach(&run);
        C& made = *callback;
        callbacks_.push_back(std::move(callback));
        return made;
    }

    std::filesystem::path path(const std::string& name) const { return run.directory() / name; }
    /// What callbacks have written by now; a state includes all that was written before it.
    std::string text_of(const std::string& name) const {
        for (const auto& callback : callbacks_) callback->state();
        std::ostringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }

private:
    ScratchDirectory scratch_;  // the last to go: callbacks may hold files open

protected:
    FakeRun run{scratch_.string()};

private:
    std::vector<std::unique_ptr<Callback>> callbacks_;
};

}  // namespace lockstep
