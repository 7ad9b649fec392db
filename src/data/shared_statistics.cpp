#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <string_view>

#include <lockstep/data/shared_statistics.h>

namespace lockstep {
namespace {

constexpr std::uint64_t kMostPieces = 64;
constexpr std::uint64_t kMostNumbers = std::uint64_t{1} << 22;  // gathered on rank 0, about
constexpr std::uint64_t kRows = 1024;                           // that are read at once

std::vector<float> read_rows(const Dataset& data, SamplePart part, std::uint64_t first, std::size_t rows) {
    const bool targets = part == SamplePart::targets;
    const std::size_t columns = (targets ? data.target_shape() : data.input_shape()).size();
    std::vector<float> values(rows * columns);
    std::vector<std::uint64_t> indices(rows);
    std::iota(indices.begin(), indices.end(), first);
    SampleRows out;
    (targets ? out.targets : out.inputs) = Matrix(values.data(), rows, columns);
    data.read(indices, out);
    return values;
}

FeatureStatistics statistics_of(const Dataset& data, SamplePart part, std::size_t features,
                                std::uint64_t begin, std::uint64_t end, RankStatus& status) {
    FeatureStatistics statistics(features);
    for (std::uint64_t first = begin; first < end; first += kRows) {
        const std::vector<float> values = read_rows(data, part, first, std::min(kRows, end - first));
        statistics.add({values.data(), values.size() / features, features});
        status.advance();
    }
    return statistics;
}

std::string to_bytes(const std::vector<double>& numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(double)};
}

std::vector<double> from_bytes(std::string_view bytes) {
    std::vector<double> numbers(bytes.size() / sizeof(double));
    std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(double));
    return numbers;
}

/// The statistics of this rank's pieces, one behind the other.
std::string my_pieces(const Session& session, const Dataset& data, SamplePart part, std::size_t features) {
    const std::uint64_t affordable = std::max<std::uint64_t>(1, kMostNumbers / features);
    const std::uint64_t pieces = std::min({kMostPieces, affordable, data.size()});
    const auto rank = static_cast<std::uint64_t>(session.rank()),
               ranks = static_cast<std::uint64_t>(session.size());
    std::string bytes;
    for (std::uint64_t piece = rank * pieces / ranks; piece < (rank + 1) * pieces / ranks; ++piece) {
        const std::uint64_t begin = piece * data.size() / pieces, end = (piece + 1) * data.size() / pieces;
        bytes += to_bytes(statistics_of(data, part, features, begin, end, session.status()).serialize());
    }
    return bytes;
}

FeatureStatistics merge_pieces(const std::vector<std::string>& by_rank, std::size_t features) {
    const std::size_t numbers = 1 + 4 * features;
    FeatureStatistics all(features);
    for (const std::string& bytes : by_rank) {
        const std::vector<double> values = from_bytes(bytes);
        for (std::size_t at = 0; at + numbers <= values.size(); at += numbers)
            all.merge(FeatureStatistics::deserialize(std::span(values).subspan(at, numbers)));
    }
    return all;
}

}  // namespace

FeatureStatistics share_statistics(const Session& session, const Dataset& data, SamplePart part,
                                   std::size_t features) {
    std::string mine;
    session.together([&] { mine = my_pieces(session, data, part, features); });
    const std::vector<std::string> gathered = session.world().gather(mine);
    std::string all;
    if (session.is_root()) all = to_bytes(merge_pieces(gathered, features).serialize());
    return FeatureStatistics::deserialize(from_bytes(session.world().broadcast(std::move(all))));
}

}  // namespace lockstep
