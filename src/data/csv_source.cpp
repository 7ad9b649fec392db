#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/data/csv_source.h>
#include <lockstep/data/paths.h>

#include "csv_table.h"
#include "source_keys.h"

namespace lockstep {

namespace {

ArraySource::Options read_table(const CsvSource::Options& options) {
    CsvTable table(options);
    if (table.has_gaps()) {
        CsvSource::Options training = options;
        training.files = options.mean_files;
        training.inputs = table.inputs();
        table.fill_gaps(training.files == options.files ? table.means() : CsvTable(training).means());
    }
    return std::move(table).take();
}

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
    if (value.is_null()) return std::nullopt;
    const auto word = value.as<std::string>();
    if (word != "error" && word != "mean")
        value.fail("expected \"error\", \"mean\" or a number, got \"" + word + "\"");
    return std::nullopt;
}

std::vector<std::string> read_files(const Config& keys) {
    return data_files(keys.at("file"), keys.get<std::string>("directory"));
}

/// The files whose means take the place of missing inputs, if that is wanted.
std::vector<std::string> read_mean_files(const Config& keys) {
    const Config missing = keys.find("missing");
    if (!(missing == Config("mean"))) return {};
    if (keys.get<std::string>("part") == "train") return read_files(keys);
    const Config training = keys.find("train");
    if (training.is_null()) missing.fail("the means are those of the training data, and there is no `train`");
    return read_files(training);
}

}  // namespace

CsvSource::CsvSource(const Options& options) : rows_(read_table(options)) {}

const TypeHelp& CsvSource::help() {
    static const TypeHelp help{
        .summary = "columns of CSV files, also compressed with gzip",
        .keys = {{"file", "required",
                  "file, or a pattern such as \"run_*.csv\": one behind the other in name order"},
                 {"inputs", "all others",
                  "columns, by name or index from 0; all others: in the order of the first file"},
                 {"targets", "none", "columns, by name or index from 0"},
                 {"sample_weight", "none", "column with one number per sample"},
                 {"header", "true", "the first line holds the names of the columns"},
                 {"separator", "\",\"", "character between fields"},
                 {"missing", "\"error\"",
                  "inputs without a value (blank, NA, NaN, null) are an error, or become this number, or "
                  "\"mean\": the mean of their column, over all rows of the files of `train`, for all data; "
                  "checkpoints do not keep it: a command that meets such inputs reads those files again"},
                 source_keys::kScale,
                 source_keys::kFirst}};
    return help;
}

std::unique_ptr<Source> CsvSource::from_config(const Config& keys) {
    Options options{.files = read_files(keys),
                    .inputs = read_columns(keys, "inputs"),
                    .targets = read_columns(keys, "targets"),
                    .header = keys.get("header", true),
                    .separator = read_separator(keys),
                    .missing = read_missing(keys),
                    .mean_files = read_mean_files(keys),
                    .scale = source_keys::scale(keys, 1.0)};
    const Config weights = keys.find("sample_weight");
    if (weights.is_array()) weights.fail("expected one column, got a list");
    if (!weights.is_null()) options.sample_weight = read_columns(keys, "sample_weight").front();
    return construct_from<CsvSource>(keys, std::move(options));
}

}  // namespace lockstep
