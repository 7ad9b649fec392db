#pragma once

#include <memory>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// Which classes are taken for which, over all validation samples, in the run log:
///
///     /confusion   epoch, counts [classes of the targets, predicted classes]
///
/// An epoch without validation has no row. A RunLogger must come before it in the list. Epochs are logged
/// whose number, from 0, is a multiple of `every`.
class ConfusionMatrixLogger final : public Callback {
public:
    struct Options {
        int every = 1;    // epochs
        int verbose = 0;  // 1: a line per epoch with the two classes that are mixed up most
    };

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Throws ConfigError if `every` is below 1 or `verbose` is neither 0 nor 1.
    explicit ConfusionMatrixLogger(Options options);

    Needs needs() const override { return {.confusion = true}; }

    /// Warns if there is no validation data.
    void on_train_begin(const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;

private:
    Options options_;
};

}  // namespace lockstep
