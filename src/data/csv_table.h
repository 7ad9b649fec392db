#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <lockstep/data/array_source.h>
#include <lockstep/data/csv_source.h>

#include "csv_columns.h"
#include "csv_reader.h"

namespace lockstep {

/// The wanted columns of CSV files in memory. If means are to take the place of missing inputs, these are
/// gaps at first.
class CsvTable {
public:
    /// Reads `options.files`. Throws as CsvSource does.
    explicit CsvTable(const CsvSource::Options& options);

    bool has_gaps() const;
    /// Where the inputs are: those of the options, or all that the first file has.
    const std::vector<CsvSource::Column>& inputs() const { return options_.inputs; }
    /// Of each input over the rows that have it. Throws DataError if none has.
    std::vector<double> means() const;
    void fill_gaps(const std::vector<double>& means);

    ArraySource::Options take() && { return std::move(table_); }

private:
    void add_file(const std::string& file);
    void require_width(const CsvReader& reader) const;
    void name_inputs();
    void add_record(const CsvReader& reader);
    float number(const CsvReader& reader, std::size_t field, std::optional<float> missing) const;

    CsvSource::Options options_;
    std::optional<float> missing_;  // what stands for an input without a value; none: an error
    CsvColumns columns_;            // of the file that is being read
    ArraySource::Options table_;
};

}  // namespace lockstep
