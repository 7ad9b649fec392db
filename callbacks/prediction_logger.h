#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

class ProbeTable;

/// What the model says of a few fixed samples, in the run log:
///
///     /predictions/<name>           epoch, index [samples], values [samples, outputs...]
///     /predictions/<name>_targets   index, values [targets]     one row per sample, written once
///
/// The samples are the first of the validation data, else of the training data. Values are in the user's
/// units. A RunLogger must come before it in the list. Epochs are logged whose number, from 0, is a multiple
/// of `every`.
class PredictionLogger final : public Callback {
public:
    struct Options {
        int samples = 16;              // as many as there are, if the data has fewer
        int every = 1;                 // epochs
        std::string name = "outputs";  // [A-Za-z0-9_.-]+
    };

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Throws ConfigError if `samples` or `every` is below 1, or the name has other characters.
    explicit PredictionLogger(Options options);

    Needs needs() const override { return {.probe_samples = static_cast<std::size_t>(options_.samples)}; }

    void on_train_begin(const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;

private:
    ProbeTable outputs() const;
    void write_targets();

    Options options_;
};

}  // namespace lockstep
