#include "csv_columns.h"

#include <algorithm>

#include <lockstep/core/error.h>
#include <lockstep/core/text.h>

namespace lockstep {

namespace {

constexpr std::size_t kMostListed = 20;

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kMostListed); ++i)
        text += (i == 0 ? "" : ", ") + shortened(names[i]);
    return names.size() > kMostListed ? text + ", ..." : text;
}

std::size_t find_index(std::size_t index, const std::vector<std::string>& names, const std::string& where) {
    if (index >= names.size())
        throw DataError(where + ": there is no column " + std::to_string(index) + "; expected 0 to " +
                        std::to_string(names.size() - 1));
    return index;
}

std::size_t find_name(const std::string& name, bool header, const std::vector<std::string>& names,
                      const std::string& where) {
    if (!header)
        throw DataError(where + ": column \"" + shortened(name) +
                        "\": without a header columns have no names; give its "
                        "index, from 0");
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
        const auto near = nearest(name, names);
        throw DataError(where + ": there is no column \"" + shortened(name) + "\"" +
                        (near ? "; did you mean \"" + *near + "\"?" : "; there are: " + list(names)));
    }
    if (std::find(found + 1, names.end(), name) != names.end())
        throw DataError(where + ": two columns are called \"" + shortened(name) +
                        "\"; give its index, from 0");
    return static_cast<std::size_t>(found - names.begin());
}

std::vector<std::size_t> others(const CsvColumns& columns) {
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < columns.names.size(); ++i)
        if (std::ranges::find(columns.targets, i) == columns.targets.end() &&
            std::ranges::find(columns.weights, i) == columns.weights.end())
            rest.push_back(i);
    return rest;
}

}  // namespace

CsvColumns find_columns(const CsvSource::Options& options, std::span<const std::string_view> record,
                        const std::string& where) {
    CsvColumns columns;
    for (std::size_t i = 0; i < record.size(); ++i)
        columns.names.push_back(options.header ? std::string(record[i]) : std::to_string(i));
    const auto find = [&](const CsvSource::Column& column) {
        const auto* name = std::get_if<std::string>(&column);
        return name != nullptr ? find_name(*name, options.header, columns.names, where)
                               : find_index(std::get<std::size_t>(column), columns.names, where);
    };
    for (const CsvSource::Column& column : options.targets) columns.targets.push_back(find(column));
    if (options.sample_weight) columns.weights.push_back(find(*options.sample_weight));
    for (const CsvSource::Column& column : options.inputs) columns.inputs.push_back(find(column));
    if (options.inputs.empty()) columns.inputs = others(columns);
    if (columns.inputs.empty())
        throw DataError(where + ": expected columns beside targets and weights, got none");
    return columns;
}

}  // namespace lockstep
