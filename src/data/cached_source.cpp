#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/data/cached_source.h>

#include "free_memory.h"
#include "sample_rows.h"

namespace lockstep {

namespace {

constexpr std::uint64_t kPiece = 1024;  // samples that are read at once

/// Where the samples of a source lie in its memory.
struct CacheLayout {
    explicit CacheLayout(const Source& source) {
        const std::size_t rows = source.size();
        MemoryPlan plan;
        inputs = plan.add<float>(rows * source.input_shape().size());
        targets = plan.add<float>(source.has_targets() ? rows * source.target_shape().size() : 0);
        weights = plan.add<float>(source.has_weights() ? rows : 0);
        bytes = plan.bytes();
    }

    SampleRows in(const NodeMemory& memory, const Source& source) const {
        const std::size_t rows = source.size();
        const std::size_t width = source.input_shape().size(), target = source.target_shape().size();
        SampleRows all;
        all.inputs = {memory.at<float>(inputs, rows * width).data(), rows, width};
        if (source.has_targets())
            all.targets = {memory.at<float>(targets, rows * target).data(), rows, target};
        if (source.has_weights()) all.weights = memory.at<float>(weights, rows);
        return all;
    }

    std::size_t inputs, targets, weights, bytes;
};

/// Throws ConfigError unless the machine of this rank can hold the copies of all its ranks.
void require_room(const Session& session, const std::string& name, std::size_t bytes, Cache place) {
    const auto ranks = static_cast<std::uint64_t>(session.topology().local_size());
    const bool is_shared = place == Cache::node && ranks > 1;
    const auto require = [&](std::uint64_t needed, const std::string& where, std::uint64_t free) {
        if (needed <= free) return;
        throw ConfigError(fmt::format(
            "{}: the samples need {:.1f} MB in memory{}, but {} of {} has {:.1f} MB free; use cache = "
            "\"none\"{} or make room",
            name, static_cast<double>(needed) / 1e6,
            place == Cache::memory && ranks > 1 ? fmt::format(" for {} ranks", ranks) : "", where,
            session.host(), static_cast<double>(free) / 1e6,
            place == Cache::memory && ranks > 1 ? " or \"node\"" : ""));
    };
    require(place == Cache::memory ? ranks * bytes : bytes, "the memory", free_memory());
    if (!is_shared) return;
    const SharedMemoryRoom room = shared_memory_room();
    require(bytes, room.directory, room.free_bytes);
}

/// Samples [begin, end), each into its place.
void read_range(const Source& source, std::uint64_t begin, std::uint64_t end, const SampleRows& all,
                RankStatus& status) {
    std::vector<std::uint64_t> indices(kPiece);
    for (std::uint64_t first = begin; first < end; first += kPiece) {
        const std::uint64_t count = std::min(kPiece, end - first);
        std::iota(indices.begin(), indices.end(), first);
        source.read(std::span(indices).first(count), part_of(all, first, count));
        status.advance();
    }
}

}  // namespace

std::size_t CachedSource::bytes_needed(const Source& source) {
    return CacheLayout(source).bytes;
}

CachedSource::CachedSource(const Session& session, std::shared_ptr<const Source> source, Cache place)
    : name_(source->describe()),
      size_(source->size()),
      input_shape_(source->input_shape()),
      target_shape_(source->target_shape()) {
    if (place == Cache::none) throw ConfigError(name_ + ": a cache needs a place, memory or node");
    const CacheLayout layout(*source);
    session.together([&] { require_room(session, name_, layout.bytes, place); });

    const Topology& topology = session.topology();
    const bool is_shared = place == Cache::node;
    memory_ = is_shared ? allocate_node_memory(topology, layout.bytes, FirstTouch::owners)
                        : allocate_private_memory(layout.bytes);
    all_ = layout.in(*memory_, *source);
    const auto part = static_cast<std::uint64_t>(is_shared ? topology.local_rank : 0);
    const auto parts = static_cast<std::uint64_t>(is_shared ? topology.local_size() : 1);
    session.together([&] {
        read_range(*source, size_ * part / parts, size_ * (part + 1) / parts, all_, session.status());
    });
}

void CachedSource::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    for (std::size_t row = 0; row < indices.size(); ++row) {
        const std::uint64_t sample = indices[row];
        if (!out.inputs.empty()) std::ranges::copy(all_.inputs.row(sample), out.inputs.row(row).begin());
        if (!out.targets.empty()) std::ranges::copy(all_.targets.row(sample), out.targets.row(row).begin());
        if (!out.weights.empty()) out.weights[row] = all_.weights[sample];
    }
}

}  // namespace lockstep
