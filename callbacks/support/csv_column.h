#pragma once

#include <string>

#include <lockstep/callbacks/log_row.h>

namespace lockstep {

inline constexpr const char* kCsvMissing = "NA";

/// A column of a CSV log: where its values come from, and how they look.
class CsvColumn {
public:
    enum class Source {
        epoch,
        batch,
        step,
        phase,
        time,
        timestamp,
        duration,
        learning_rate,
        logs,
        batch_logs
    };

    /// `format` as after the colon in {fmt}: ".4f"; of a timestamp, as strftime has it. Empty: the digits
    /// that tell two values apart; time ".3f", duration ".6f", timestamp ISO 8601. Throws ConfigError if it
    /// does not fit the values.
    CsvColumn(Source source, std::string key, std::string header, const std::string& format = {});

    /// Whether its values are in the logs, under key().
    bool is_logged() const { return source_ == Source::logs || source_ == Source::batch_logs; }
    Source source() const { return source_; }
    const std::string& key() const { return key_; }
    const std::string& header() const { return header_; }

    /// NA if the row has no such value.
    std::string text(const LogRow& row) const;

private:
    std::string logged(const Logs& logs) const;

    Source source_;
    std::string key_;
    std::string header_;
    std::string format_;  // "{:.4f}"; of a timestamp, "%H:%M"
};

/// What a user means by a key: one of the names of Source but the last two, a key of the logs, or in a file
/// of batches batch_<key>. Throws ConfigError if such a file has no such column.
CsvColumn named_column(const std::string& key, const std::string& header, const std::string& format,
                       bool batches);

/// As named_column(), but a key of the logs whatever its name.
CsvColumn log_column(const std::string& key, const std::string& header, const std::string& format,
                     bool batches);

}  // namespace lockstep
