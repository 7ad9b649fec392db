#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/data/array_source.h>
#include <lockstep/data/source.h>

namespace lockstep {

/// The rows of CSV files, plain or compressed with gzip, kept in memory as float: the files one behind the
/// other, some columns as inputs, some as targets.
class CsvSource final : public Source {
public:
    /// By name, which needs a header, or by index from 0.
    using Column = std::variant<std::string, std::size_t>;

    struct Options {
        std::vector<std::string> files;
        std::vector<Column> inputs = {};   // empty: all columns that are neither targets nor weights
        std::vector<Column> targets = {};  // may be empty
        std::optional<Column> sample_weight = {};
        bool header = true;  // the first record holds the names
        char separator = ',';
        std::optional<float> missing = {};  // takes the place of inputs without a value; none: an error
        /// Without `missing`, the means of these files' columns do, over all of their rows: also those behind
        /// a `first`, and those that a validation_split sets apart. Name the training data's for every part
        /// of the data. A source with gaps reads them for itself; nobody keeps the means.
        std::vector<std::string> mean_files = {};
        float scale = 1.0F;  // of the inputs
    };

    /// Reads all files. Columns are found in each by its own header, in any order. Throws ConfigError for a
    /// separator that is a quote or ends a line, IoError, or DataError: a column that is not there (lists
    /// those that are), or, naming line and column, too few or too many fields, no number, no value.
    explicit CsvSource(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Source> from_config(const Config& keys);

    std::uint64_t size() const override { return rows_.size(); }
    const Shape& input_shape() const override { return rows_.input_shape(); }
    const Shape& target_shape() const override { return rows_.target_shape(); }
    bool has_targets() const override { return rows_.has_targets(); }
    bool has_weights() const override { return rows_.has_weights(); }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override {
        rows_.read(indices, out);
    }
    std::string describe() const override { return rows_.describe(); }

private:
    ArraySource rows_;
};

}  // namespace lockstep
