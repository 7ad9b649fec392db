#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gzip_file.h"

namespace lockstep {

/// The records of a CSV file (RFC 4180), plain or compressed with gzip, one after the other. A field with
/// separators, line breaks or quotes in it stands in quotes, and its quotes are doubled. Lines end with \n or
/// \r\n; blank ones are skipped.
class CsvReader {
public:
    /// Throws IoError.
    CsvReader(const std::string& file, char separator);

    /// Goes to the next record; false after the last. Throws IoError, or DataError naming the line: a quote
    /// where none may be, one that is never closed, a record longer than 64 MiB.
    bool next();

    /// Of the record, without their quotes; valid until next().
    std::span<const std::string_view> fields() const { return fields_; }
    /// Where the record is, for messages: "a.csv:12".
    std::string where() const;

private:
    std::size_t find_end();
    bool fill(std::size_t& at);
    void split(std::size_t at, std::size_t end);
    std::string_view bare_field(std::size_t& at, std::size_t end);
    std::string_view quoted_field(std::size_t& at, std::size_t end);
    [[noreturn]] void fail(const std::string& message) const;

    std::string name_;
    GzipFile file_;
    char separator_;
    std::string buffer_;
    std::size_t begin_ = 0;    // in the buffer, of the record that comes next
    std::size_t filled_ = 0;   // so much of the buffer is of the file
    std::uint64_t line_ = 1;   // of the record, from 1
    std::uint64_t lines_ = 0;  // of the record
    std::vector<std::string_view> fields_;
};

}  // namespace lockstep
