#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/data/csv_source.h>

namespace lockstep {

/// Which fields of a file's records are wanted.
struct CsvColumns {
    std::vector<std::string> names;  // of all fields, for messages
    std::vector<std::size_t> inputs, targets, weights;
};

/// Finds the columns in a file whose first record is `record`. `where` begins messages. Throws DataError if
/// one is not there, or its name is there twice.
CsvColumns find_columns(const CsvSource::Options& options, std::span<const std::string_view> record,
                        const std::string& where);

}  // namespace lockstep
