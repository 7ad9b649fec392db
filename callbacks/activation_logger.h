#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// What layers put out for a few fixed samples, in the run log:
///
///     /activations/<layer>   epoch, index [samples], values [samples, outputs of the layer...]
///
/// The samples are the first of the validation data, else of the training data; the model runs in inference
/// mode. The last layer's outputs are the model's, in the user's units. A RunLogger must come before it in
/// the list. Epochs are logged whose number, from 0, is a multiple of `every`.
class ActivationLogger final : public Callback {
public:
    struct Options {
        std::vector<std::string> layers = {};  // names
        int samples = 4;                       // as many as there are, if the data has fewer
        int every = 1;                         // epochs
    };

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Throws ConfigError if there are no layers, if one is named twice, or `samples` or `every` is below 1.
    explicit ActivationLogger(Options options);
    ~ActivationLogger() override;

    Needs needs() const override { return {.probe_samples = static_cast<std::size_t>(options_.samples)}; }

    /// Throws ConfigError if the model lacks one of the layers.
    void on_train_begin(const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;

private:
    struct Watched;

    void watch(const std::string& layer);

    Options options_;
    std::vector<Watched> watched_;
};

}  // namespace lockstep
