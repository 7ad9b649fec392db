#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/data/csv_source.h>
#include <lockstep/data/paths.h>

#include "csv_columns.h"
#include "csv_number.h"
#include "csv_reader.h"
#include "short_name.h"
#include "source_keys.h"

namespace lockstep {

namespace {

/// Reads files into one table.
class Loader {
public:
    explicit Loader(const CsvSource::Options& options) : options_(options) {
        if (std::string_view("\"\r\n").find(options.separator) != std::string_view::npos)
            throw ConfigError("csv: expected a separator that is no quote and ends no line");
        table_.name = "csv " + short_name(options.files);
    }

    ArraySource::Options load() && {
        for (const std::string& file : options_.files) add_file(file);
        table_.input_shape = {options_.inputs.size()};
        table_.target_shape = {options_.targets.size()};
        return std::move(table_);
    }

private:
    void add_file(const std::string& file) {
        CsvReader reader(file, options_.separator);
        if (!reader.next()) throw DataError(file + ": expected rows, got an empty file");
        if (!options_.header) require_width(reader);
        columns_ = find_columns(options_, reader.fields(), reader.where());
        if (options_.inputs.empty()) name_inputs();
        if (!options_.header) add_record(reader);
        while (reader.next()) add_record(reader);
    }

    /// Indices mean the same columns only in files of the same width.
    void require_width(const CsvReader& reader) const {
        const std::size_t expected = columns_.names.size();
        if (expected != 0 && reader.fields().size() != expected)
            throw DataError(reader.where() + ": expected " + std::to_string(expected) +
                            " columns, as in the files before, got " +
                            std::to_string(reader.fields().size()));
    }

    /// The files behind the first must have the same inputs.
    void name_inputs() {
        for (const std::size_t field : columns_.inputs) {
            if (options_.header)
                options_.inputs.emplace_back(columns_.names[field]);
            else
                options_.inputs.emplace_back(field);
        }
    }

    void add_record(const CsvReader& reader) {
        if (reader.fields().size() != columns_.names.size())
            throw DataError(reader.where() + ": expected " + std::to_string(columns_.names.size()) +
                            " fields, as in the first line, got " + std::to_string(reader.fields().size()));
        for (const std::size_t field : columns_.inputs)
            table_.inputs.push_back(options_.scale * number(reader, field, options_.missing));
        for (const std::size_t field : columns_.targets)
            table_.targets.push_back(number(reader, field, std::nullopt));
        for (const std::size_t field : columns_.weights)
            table_.weights.push_back(number(reader, field, std::nullopt));
    }

    float number(const CsvReader& reader, std::size_t field, std::optional<float> missing) const {
        const std::string_view text = reader.fields()[field];
        if (const std::optional<float> value = parse_number(text)) return *value;
        const std::string where = reader.where() + ": column \"" + columns_.names[field] + "\": ";
        if (!is_missing(text))
            throw DataError(where + "expected a number, got \"" + std::string(text) + "\"");
        if (!missing)
            throw DataError(where +
                            "there is no value; the key `missing` gives inputs one, such as missing = 0.0");
        return *missing;
    }

    CsvSource::Options options_;
    CsvColumns columns_;  // of the file that is being read
    ArraySource::Options table_;
};

std::vector<CsvSource::Column> read_columns(const Config& keys, const char* key) {
    std::vector<CsvSource::Column> columns;
    for (const Config& entry : source_keys::list(keys, key)) {
        if (entry.is_string())
            columns.emplace_back(entry.as<std::string>());
        else
            columns.emplace_back(entry.as<std::size_t>());
    }
    return columns;
}

char read_separator(const Config& keys) {
    const auto text = keys.get<std::string>("separator", ",");
    if (text.size() != 1) keys.at("separator").fail("expected one character, got \"" + text + "\"");
    return text.front();
}

std::optional<float> read_missing(const Config& keys) {
    const Config value = keys.find("missing");
    if (value.is_number()) return static_cast<float>(value.as<double>());
    if (!value.is_null() && value.as<std::string>() != "error")
        value.fail("expected \"error\" or a number, got \"" + value.as<std::string>() + "\"");
    return std::nullopt;
}

}  // namespace

CsvSource::CsvSource(const Options& options) : rows_(Loader(options).load()) {}

const TypeHelp& CsvSource::help() {
    static const TypeHelp help{
        .summary = "columns of CSV files, also compressed with gzip",
        .keys = {{"file", "required",
                  "file, or a pattern such as \"run_*.csv\": one behind the other in name order"},
                 {"inputs", "all others", "columns, by name or index from 0"},
                 {"targets", "none", "columns, by name or index from 0"},
                 {"sample_weight", "none", "column with one number per sample"},
                 {"header", "true", "the first line holds the names of the columns"},
                 {"separator", "\",\"", "character between fields"},
                 {"missing", "\"error\"",
                  "what becomes of inputs without a value (blank, NA, NaN, null), or the number "
                  "that takes their place"},
                 source_keys::kScale,
                 source_keys::kFirst}};
    return help;
}

std::unique_ptr<Source> CsvSource::from_config(const Config& keys) {
    Options options{.files = data_files(keys.at("file"), keys.get<std::string>("directory")),
                    .inputs = read_columns(keys, "inputs"),
                    .targets = read_columns(keys, "targets"),
                    .header = keys.get("header", true),
                    .separator = read_separator(keys),
                    .missing = read_missing(keys),
                    .scale = source_keys::scale(keys, 1.0)};
    const Config weights = keys.find("sample_weight");
    if (weights.is_array()) weights.fail("expected one column, got a list");
    if (!weights.is_null()) options.sample_weight = read_columns(keys, "sample_weight").front();
    return construct_from<CsvSource>(keys, std::move(options));
}

}  // namespace lockstep
