#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// Evaluates and predicts with the running average of the weights that an optimizer with use_ema keeps, and
/// trains on with the trained ones.
///
///     .optimizer = Config::table({{"type", "adam"}, {"use_ema", true}, {"ema_momentum", 0.99}})
///     .callbacks = {std::make_shared<SwapEMAWeights>(SwapEMAWeights::Options{})}
///
/// The average is in the model from on_test_begin to on_test_end and from on_predict_begin to on_predict_end;
/// with swap_on_epoch also from on_epoch_end to the next on_epoch_begin, and from the last one on: training
/// then ends with the average in the model. val_ keys always tell of the average.
///
/// A checkpoint taken at the end of an epoch has as its weights the trained ones, or with swap_on_epoch the
/// average; then the trained ones are in it too, and a resumed run goes on with them. Callbacks that copy
/// weights at the end of an epoch (EarlyStopping) get the same if they come after this one. Weights that no
/// optimizer changes are never swapped.
class SwapEMAWeights final : public Callback {
public:
    struct Options {
        bool swap_on_epoch = false;
    };

    explicit SwapEMAWeights(Options options) : options_(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    Needs needs() const override { return {.averaged_weights = true}; }

    void on_train_end(const Logs& logs) override;
    void on_epoch_begin(int epoch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    /// These throw ConfigError if there is no average, or none yet.
    void on_test_begin(const Logs& logs) override;
    void on_predict_begin(const Logs& logs) override;
    void on_test_end(const Logs& logs) override;
    void on_predict_end(const Logs& logs) override;

    Config state() const override;
    void restore(const Config& state) override;
    std::map<std::string, std::vector<float>> kept_weights() const override;
    void restore_kept_weights(const std::map<std::string, std::vector<float>>& weights) override;

private:
    bool is_swapped() const { return !trained_.empty(); }
    void swap_in();
    void swap_out();

    Options options_;
    std::vector<float> trained_;  // while the average is in the model
};

}  // namespace lockstep
