#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep {

/// One record, without a line break. A field that contains the separator, a quote or a line break stands in
/// quotes, as RFC 4180 says.
std::string csv_record(std::span<const std::string> fields, std::string_view separator);

/// The fields of a record.
std::vector<std::string> split_csv_record(std::string_view record, std::string_view separator);

/// Calls `take` with each whole record of a file, without its last line break; a line break within quotes
/// ends no record. Stops at false, and before a record without a line break, which a kill may have torn.
/// Throws IoError.
void read_csv_records(const std::filesystem::path& file,
                      const std::function<bool(const std::string& record)>& take);

/// All of a CSV file under another header, with `padding` at the end of each row. Throws IoError.
std::string padded_csv(const std::filesystem::path& file, const std::string& header,
                       const std::string& padding);

/// What a CSV file holds up to a row.
struct CsvExtent {
    std::vector<std::string> header;  // empty: there is none, or it is torn
    std::uint64_t rows = 0;           // whole ones, without the header
    std::uint64_t bytes = 0;          // of header and rows
};

/// Throws IoError.
CsvExtent measure_csv(const std::filesystem::path& file, std::string_view separator,
                      std::uint64_t most_rows = std::numeric_limits<std::uint64_t>::max());

}  // namespace lockstep
