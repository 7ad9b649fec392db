#pragma once

#include <filesystem>
#include <memory>

#include <lockstep/callbacks/text_logger.h>
#include <lockstep/core/registry.h>

namespace lockstep {

/// JSON lines: one object per event, for jq, pandas.read_json(lines=True) and log collectors.
///
///     {"event":"epoch","time":"2025-01-30T14:05:06.789+01:00","run_id":"…","rank":0,"epoch":0,"step":99,
///      "duration":1.25,"learning_rate":0.001,"loss":0.5,"accuracy":0.75,"val_loss":0.625}
///
/// Events: train_begin (params, world_size), epoch, train_batch and val_batch (also batch; loss is the mean
/// of the epoch so far, batch_loss that of the batch alone), train_end (status: finished, stopped or failed;
/// stop_reason). Numbers that are not finite are null. The state is the size of the file: a resumed run cuts
/// what was written after its checkpoint.
class JsonLogger final : public TextLogger {
public:
    enum class Per { epoch, batch, both };

    struct Options {
        std::filesystem::path path = {};  // absolute, or below the run directory
        Per per = Per::epoch;
        int every = 1;            // batches per line
        bool append = false;      // continue a file of JSON lines
        int index_base = 0;       // number of the first epoch, batch and step: 0 or 1
        bool validation = false;  // lines of the validation's batches too
        double flush = 2.0;       // longest time that a line waits in memory, s
    };

    /// Throws ConfigError.
    explicit JsonLogger(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);
};

}  // namespace lockstep
