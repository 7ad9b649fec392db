#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include <lockstep/train/callback.h>

namespace lockstep {

/// A callback made of functions, for what is too small for a class of its own. Each function gets what the
/// hook of its name gets, and the run:
///
///     auto stop_when_good = std::make_shared<LambdaCallback>(LambdaCallback::Options{
///         .on_epoch_end = [](int, const Logs& logs, TrainingRun& run) {
///             if (logs.at("loss") < 0.01) run.stop_training("good enough");
///         }});
class LambdaCallback final : public Callback {
public:
    using OnRun = std::function<void(const Logs& logs, TrainingRun& run)>;
    using OnEpoch = std::function<void(int epoch, const Logs& logs, TrainingRun& run)>;
    using OnBatch = std::function<void(std::int64_t batch, const Logs& logs, TrainingRun& run)>;
    using OnException = std::function<void(const std::exception& error, TrainingRun& run)>;

    /// An empty function is a hook that does nothing.
    struct Options {
        OnRun on_train_begin = {}, on_train_end = {};
        OnRun on_test_begin = {}, on_test_end = {};
        OnRun on_predict_begin = {}, on_predict_end = {};
        OnEpoch on_epoch_begin = {}, on_epoch_end = {};
        OnBatch on_train_batch_begin = {}, on_train_batch_end = {};
        OnBatch on_test_batch_begin = {}, on_test_batch_end = {};
        OnBatch on_predict_batch_begin = {}, on_predict_batch_end = {};
        OnException on_exception = {};  // must not throw
        Needs needs = {};
    };

    explicit LambdaCallback(Options options) : options_(std::move(options)) {}

    Needs needs() const override { return options_.needs; }
    void on_train_begin(const Logs& logs) override;
    void on_train_end(const Logs& logs) override;
    void on_test_begin(const Logs& logs) override;
    void on_test_end(const Logs& logs) override;
    void on_predict_begin(const Logs& logs) override;
    void on_predict_end(const Logs& logs) override;
    void on_epoch_begin(int epoch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_batch_begin(std::int64_t batch, const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_test_batch_begin(std::int64_t batch, const Logs& logs) override;
    void on_test_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_predict_batch_begin(std::int64_t batch, const Logs& logs) override;
    void on_predict_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_exception(const std::exception& error) noexcept override;

private:
    Options options_;
};

}  // namespace lockstep
