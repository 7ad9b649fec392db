#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// How long the gradients are, in the run log:
///
///     /gradients/<layer>/<weight>   step, norm, update_ratio
///     /gradients/global             step, norm
///
/// A norm is the Euclidean one of the batch's mean gradient, before clipping. update_ratio is
/// |after - before| / |before| of the weight; NaN if it was all zero before. It costs two looks at all
/// weights per logged step, each of which waits for the updates that are under way.
///
/// A RunLogger must come before it in the list. Steps are logged whose number, from 0, is a multiple of
/// `every`.
class GradientNormLogger final : public Callback {
public:
    struct Options {
        int every = 1;              // steps
        bool update_ratio = false;  // how much a step changes each weight
        int verbose = 0;            // 1: a line per epoch with the mean and the largest global norm
    };

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Throws ConfigError if `every` is below 1 or `verbose` is neither 0 nor 1.
    explicit GradientNormLogger(Options options);

    Needs needs() const override { return {.gradient_norms = true}; }

    /// Throws ConfigError if a layer with weights is called "global".
    void on_train_begin(const Logs& logs) override;
    void on_epoch_begin(int epoch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_batch_begin(std::int64_t batch, const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;

private:
    struct Weight {
        std::size_t parameter;  // index in the model's parameters
        std::string table;
    };
    /// Of an epoch's logged steps.
    struct Summary {
        double sum = 0, largest = 0;
        std::int64_t steps = 0, largest_step = 0;
    };

    void prepare_weights();
    double update_ratio(const Weight& weight);
    void summarize(double norm);

    Options options_;
    std::vector<Weight> weights_;
    std::vector<float> before_;  // all weights, before the step at hand
    Summary summary_;
};

}  // namespace lockstep
