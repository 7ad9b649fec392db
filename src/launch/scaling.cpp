#include "scaling.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

namespace lockstep {
namespace {

constexpr std::uint64_t kMostParts = 64;
constexpr std::uint64_t kMostNumbers = std::uint64_t{1} << 22;  // gathered on rank 0, about
constexpr std::uint64_t kPiece = 1024;                          // rows that are read at once

/// Whose statistics are taken.
struct Columns {
    const char* what;  // "normalize", the key
    std::string kind;  // "standard" or "minmax"
    std::size_t features;
    bool targets;
};

std::vector<float> read_rows(const Dataset& data, const Columns& columns, std::uint64_t first,
                             std::size_t rows) {
    std::vector<float> values(rows * columns.features);
    std::vector<std::uint64_t> indices(rows);
    std::iota(indices.begin(), indices.end(), first);
    const Matrix matrix(values.data(), rows, columns.features);
    SampleRows out;
    (columns.targets ? out.targets : out.inputs) = matrix;
    data.read(indices, out);
    return values;
}

FeatureStatistics statistics_of(const Dataset& data, const Columns& columns, std::uint64_t begin,
                                std::uint64_t end, RankStatus& status) {
    FeatureStatistics statistics(columns.features);
    for (std::uint64_t first = begin; first < end; first += kPiece) {
        const std::size_t rows = std::min(kPiece, end - first);
        const std::vector<float> values = read_rows(data, columns, first, rows);
        statistics.add({values.data(), rows, columns.features});
        status.advance();
    }
    return statistics;
}

std::uint64_t count_parts(const Dataset& data, const Columns& columns) {
    const std::uint64_t affordable = std::max<std::uint64_t>(1, kMostNumbers / columns.features);
    return std::min({kMostParts, affordable, data.size()});
}

template <typename T>
std::string to_bytes(const std::vector<T>& numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)};
}

template <typename T>
std::vector<T> from_bytes(std::string_view bytes) {
    std::vector<T> numbers(bytes.size() / sizeof(T));
    std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(T));
    return numbers;
}

/// The statistics of this rank's parts, one behind the other.
std::string my_parts(const Session& session, const Dataset& data, const Columns& columns,
                     std::uint64_t parts) {
    const auto rank = static_cast<std::uint64_t>(session.rank()),
               ranks = static_cast<std::uint64_t>(session.size());
    std::string bytes;
    for (std::uint64_t part = rank * parts / ranks; part < (rank + 1) * parts / ranks; ++part) {
        const std::uint64_t begin = part * data.size() / parts, end = (part + 1) * data.size() / parts;
        bytes += to_bytes(statistics_of(data, columns, begin, end, session.status()).serialize());
    }
    return bytes;
}

void warn_of_constants(const Columns& columns, const std::vector<std::size_t>& constant) {
    if (constant.empty()) return;
    constexpr std::size_t kShown = 10;
    std::string names;
    for (std::size_t i = 0; i < std::min(kShown, constant.size()); ++i)
        names += (i == 0 ? "" : ", ") + std::to_string(constant[i]);
    if (constant.size() > kShown) names += ", ...";
    log::warning("data.{}: {} of {} columns of the {} are constant in the training data and become 0: {}",
                 columns.what, constant.size(), columns.features, columns.targets ? "targets" : "inputs",
                 names);
}

Normalization merge_parts(const Columns& columns, const std::vector<std::string>& by_rank) {
    const std::size_t numbers = 1 + 4 * columns.features;
    FeatureStatistics all(columns.features);
    for (const std::string& bytes : by_rank) {
        const std::vector<double> values = from_bytes<double>(bytes);
        for (std::size_t at = 0; at + numbers <= values.size(); at += numbers)
            all.merge(FeatureStatistics::deserialize(std::span(values).subspan(at, numbers)));
    }
    std::vector<std::size_t> constant;
    Normalization normalization = all.normalization(columns.kind, constant);
    warn_of_constants(columns, constant);
    return normalization;
}

Normalization fit(const Session& session, const Dataset& data, const Columns& columns) {
    const std::uint64_t parts = count_parts(data, columns);
    std::string mine;
    session.together([&] { mine = my_parts(session, data, columns, parts); });
    const std::vector<std::string> all = session.world().gather(mine);
    Normalization normalization;
    session.together([&] {
        if (session.is_root()) normalization = merge_parts(columns, all);
    });
    normalization.factor = from_bytes<float>(session.world().broadcast(to_bytes(normalization.factor)));
    normalization.offset = from_bytes<float>(session.world().broadcast(to_bytes(normalization.offset)));
    return normalization;
}

}  // namespace

Scaling fit_scaling(const Session& session, const Job& job, const Dataset& train) {
    Scaling scaling;
    if (!job.normalize.empty())
        scaling.inputs = fit(session, train, {"normalize", job.normalize, train.input_shape().size(), false});
    if (!job.normalize_targets.empty())
        scaling.targets = fit(
            session, train, {"normalize_targets", job.normalize_targets, train.target_shape().size(), true});
    return scaling;
}

}  // namespace lockstep
