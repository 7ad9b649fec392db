#include "csv_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include <lockstep/core/error.h>
#include <lockstep/core/text.h>

#include "csv_number.h"
#include "short_name.h"

namespace lockstep {

namespace {

constexpr float kGap = std::numeric_limits<float>::quiet_NaN();  // no field is read as that

bool is_gap(float value) {
    return std::isnan(value);
}

}  // namespace

CsvTable::CsvTable(const CsvSource::Options& options) : options_(options), missing_(options.missing) {
    if (std::string_view("\"\r\n").find(options.separator) != std::string_view::npos)
        throw ConfigError("csv: expected a separator that is no quote and ends no line");
    if (!missing_ && !options.mean_files.empty()) missing_ = kGap;
    for (const std::string& file : options.files) add_file(file);
    table_.name = "csv " + short_name(options.files);
    table_.input_shape = {options_.inputs.size()};
    table_.target_shape = {options_.targets.size()};
}

bool CsvTable::has_gaps() const {
    return std::ranges::any_of(table_.inputs, is_gap);
}

std::vector<double> CsvTable::means() const {
    const std::size_t width = options_.inputs.size();
    std::vector<double> means(width, 0.0), counts(width, 0.0);
    for (std::size_t i = 0; i < table_.inputs.size(); ++i) {
        if (is_gap(table_.inputs[i])) continue;
        means[i % width] += static_cast<double>(table_.inputs[i]);
        counts[i % width] += 1.0;
    }
    for (std::size_t i = 0; i < width; ++i) {
        if (counts[i] == 0.0)
            throw DataError(
                table_.name + ": column \"" + shortened(columns_.names[columns_.inputs[i]]) +
                "\": there is no value of which to take the mean; missing = 0.0 would do without");
        means[i] /= counts[i];
    }
    return means;
}

void CsvTable::fill_gaps(const std::vector<double>& means) {
    for (std::size_t i = 0; i < table_.inputs.size(); ++i)
        if (is_gap(table_.inputs[i])) table_.inputs[i] = static_cast<float>(means[i % means.size()]);
}

void CsvTable::add_file(const std::string& file) {
    CsvReader reader(file, options_.separator);
    if (!reader.next()) throw DataError(file + ": expected rows, got an empty file");
    if (!options_.header) require_width(reader);
    columns_ = find_columns(options_, reader.fields(), reader.where());
    if (options_.inputs.empty()) name_inputs();
    if (!options_.header) add_record(reader);
    while (reader.next()) add_record(reader);
}

/// Indices mean the same columns only in files of the same width.
void CsvTable::require_width(const CsvReader& reader) const {
    const std::size_t expected = columns_.names.size();
    if (expected != 0 && reader.fields().size() != expected)
        throw DataError(reader.where() + ": expected " + std::to_string(expected) +
                        " columns, as in the files before, got " + std::to_string(reader.fields().size()));
}

/// The files behind the first must have the same inputs.
void CsvTable::name_inputs() {
    for (const std::size_t field : columns_.inputs) {
        if (options_.header)
            options_.inputs.emplace_back(columns_.names[field]);
        else
            options_.inputs.emplace_back(field);
    }
}

void CsvTable::add_record(const CsvReader& reader) {
    if (reader.fields().size() != columns_.names.size())
        throw DataError(reader.where() + ": expected " + std::to_string(columns_.names.size()) +
                        " fields, as in the first line, got " + std::to_string(reader.fields().size()));
    for (const std::size_t field : columns_.inputs)
        table_.inputs.push_back(options_.scale * number(reader, field, missing_));
    for (const std::size_t field : columns_.targets)
        table_.targets.push_back(number(reader, field, std::nullopt));
    for (const std::size_t field : columns_.weights)
        table_.weights.push_back(number(reader, field, std::nullopt));
}

float CsvTable::number(const CsvReader& reader, std::size_t field, std::optional<float> missing) const {
    const std::string_view text = reader.fields()[field];
    if (const std::optional<float> value = parse_number(text)) return *value;
    const std::string where = reader.where() + ": column \"" + shortened(columns_.names[field]) + "\": ";
    if (!is_missing(text)) throw DataError(where + "expected a number, got \"" + shortened(text) + "\"");
    if (!missing)
        throw DataError(
            where +
            "there is no value; the key `missing` gives inputs one, such as missing = 0.0 or \"mean\"");
    return *missing;
}

}  // namespace lockstep
