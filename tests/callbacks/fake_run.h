#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/nn/dense.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/training_run.h>

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
    int epoch() const override { return epoch_now; }
    std::int64_t step() const override { return step_now; }
    std::uint64_t batch_samples() const override { return samples_now; }
    const Logs& batch_logs() const override { return batch_logs_now; }
    double learning_rate() const override { return rate_now; }
    void set_learning_rate(double rate) override { rate_now = rate; }
    void stop_training(std::string reason) override {
        stopped = true;
        reason_ = std::move(reason);
    }
    bool stops() const override { return stopped; }
    const std::string& stop_reason() const override { return reason_; }
    std::vector<float> get_weights() const override { return {}; }
    void set_weights(std::vector<float> /*weights*/) override {}
    /// As the trainer does: relative paths begin at the run directory.
    void request_checkpoint(CheckpointRequest request) override {
        request.path = output_path(request.path);
        requests.push_back(std::move(request));
    }
    GradientNorms gradient_norms() const override { return {.weights = norms_now, .global = 0.0}; }
    std::span<const RankTiming> timings() const override { return timings_now; }
    const Config& notes() const override { return notes_now; }

    RunParams params_now;
    RunInfo info_now;
    int epoch_now = 0;
    std::int64_t step_now = 0;
    std::uint64_t samples_now = 0;
    Logs batch_logs_now;
    double rate_now = 0.1;
    bool stopped = false;
    std::vector<CheckpointRequest> requests;
    std::vector<double> norms_now;
    std::vector<RankTiming> timings_now;
    Config notes_now = Config::table();

private:
    std::filesystem::path directory_;
    Sequential model_{{2}};
    std::string reason_;
};

/// A fake run in a directory of its own.
class CallbackTest : public testing::Test {
protected:
    ~CallbackTest() override {
        callbacks_.clear();  // they may hold files open
        std::filesystem::remove_all(run.directory());
    }

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
    std::string text_of(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }

    FakeRun run{new_directory()};

private:
    std::vector<std::unique_ptr<Callback>> callbacks_;

    static std::string new_directory() {
        std::string name = testing::TempDir() + "lockstep-callbacks-XXXXXX";
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch directory: " + name);
        return name;
    }
};

/// What `action` throws, as text; fails if it throws nothing.
template <typename Failure, typename Action>
std::string message_of(Action action) {
    try {
        action();
    } catch (const Failure& failure) {
        return failure.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
}

}  // namespace lockstep
