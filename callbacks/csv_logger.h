#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/callbacks/text_logger.h>
#include <lockstep/core/registry.h>

namespace lockstep {

/// One row per epoch or batch in a CSV file.
///
///     {.callbacks = {std::make_shared<CsvLogger>(CsvLogger::Options{.path = "training.csv"})}}
///
/// Columns, unless `columns` chooses them: epoch, or epoch, batch, step and with `validation` phase (train,
/// validation); timestamp and learning_rate if asked for; then the keys of the logs in their order, per batch
/// each followed by batch_<key>, the value of the batch alone. What a row lacks is NA. Fields are quoted as
/// in RFC 4180 where they must be.
///
/// A key that appears late gets a column: the file is then replaced by one with NA in the rows before. If
/// there is no room for it, the column waits for a later row. The state holds the number of rows: a resumed
/// run cuts what was written after its checkpoint.
class CsvLogger final : public TextLogger {
public:
    enum class Per { epoch, batch };

    struct Column {
        std::string key;          // epoch, batch, step, phase, time (Unix, s), timestamp, duration (s),
                                  // learning_rate, a key of the logs, or per batch batch_<key>
        std::string header = {};  // empty: the key
        std::string format = {};  // as after the colon in {fmt}: ".4f"; of timestamp, as in strftime
    };

    struct Options {
        std::filesystem::path path = {};  // absolute, or below the run directory
        std::string separator = ",";
        bool append = false;  // continue a file with such columns
        int index_base = 0;   // number of the first epoch, batch and step: 0 or 1
        Per per = Per::epoch;
        int every = 1;                     // batches per row
        bool timestamp = false;            // a column with the local time, ISO 8601 with offset
        bool learning_rate = false;        // a column with the rate that the step used
        bool validation = false;           // rows of the validation's batches too
        std::vector<Column> columns = {};  // these alone, in this order; empty: see above
        double flush = 2.0;                // longest time that a row waits in memory, s
    };

    /// Throws ConfigError.
    explicit CsvLogger(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);
};

}  // namespace lockstep
