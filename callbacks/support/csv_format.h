#pragma once

#include <cstddef>
#include <string>

#include <lockstep/callbacks/row_format.h>

#include "csv_sheet.h"

namespace lockstep {

/// Rows of a CSV file. A key that appears late gets a column: the file is then replaced by one with NA in the
/// rows before.
class CsvFormat final : public RowFormat {
public:
    explicit CsvFormat(CsvSheet::Layout layout);

    std::uint64_t keep(const std::filesystem::path& file, const Config& state) override;
    void begin(io::AppendFile& file, const TrainingRun& run) override;
    void write(io::AppendFile& file, const LogRow& row) override;
    void add_to(Config& state) const override { state.set("rows", rows_); }

private:
    void widen(io::AppendFile& file, std::size_t columns);
    void warn_of_unknown_columns(const std::string& path, const LogRow& row) const;

    std::string separator_;
    bool batches_;
    CsvSheet sheet_;
    std::size_t rows_ = 0;  // in the file
};

}  // namespace lockstep
