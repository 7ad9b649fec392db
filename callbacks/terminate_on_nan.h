#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// Stops training at the first batch whose loss is NaN or infinite; the program then ends with exit code 4.
///
/// It looks at the batch alone, not at the running mean of the epoch.
class TerminateOnNaN final : public Callback {
public:
    struct Options {
        bool raise_error = false;    // end fit with DivergedError instead: no validation, no on_train_end
        std::string check = "loss";  // "all": the metrics of the batch too
    };

    /// Throws ConfigError if `check` is neither "loss" nor "all".
    explicit TerminateOnNaN(Options options);

    static const TypeHelp& help();
    /// Throws ConfigError.
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Throws DivergedError with raise_error.
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;

private:
    void end(std::int64_t batch, const Logs::Entry& entry) const;

    bool raise_error_;
    bool checks_all_;
};

}  // namespace lockstep
