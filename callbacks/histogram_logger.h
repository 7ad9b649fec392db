#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

struct Parameter;

/// How the weights are spread, in the run log:
///
///     /histograms/<layer>/<weight>            epoch, edges [bins + 1], counts [bins]
///     /gradient_histograms/<layer>/<weight>   the same, of the epoch's last step
///
/// Bins are of equal width, from the smallest to the largest finite value; of equal values, from 0.5 below to
/// 0.5 above. NaN and infinities are in no bin. Gradients are what the optimizer was given; an epoch that
/// another callback ends early, in its last batch's hook, may lack them. A RunLogger must come before it in
/// the list. Epochs are logged whose number, from 0, is a multiple of `every`.
class HistogramLogger final : public Callback {
public:
    struct Options {
        int every = 1;  // epochs
        int bins = 30;
        bool gradients = false;  // theirs too
    };

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Throws ConfigError if `every` or `bins` is below 1.
    explicit HistogramLogger(Options options);

    Needs needs() const override { return {.gradients = options_.gradients}; }

    void on_train_begin(const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;

private:
    void append(const std::string& tables, const Parameter& parameter, int epoch, std::span<const float> all);

    Options options_;
};

}  // namespace lockstep
