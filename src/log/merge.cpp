#include <map>
#include <vector>

#include <fmt/format.h>

#include <lockstep/log/merge.h>

#include "process_log.h"

namespace lockstep::log {
namespace {

/// The distinct lines of all ranks, and who said each.
struct Merged {
    std::vector<HeldLine> lines;
    std::vector<std::vector<int>> ranks;  // of lines[i], ascending
};

Merged merge(std::span<const std::string> per_rank) {
    Merged merged;
    for (std::size_t rank = 0; rank < per_rank.size(); ++rank) {
        for (const HeldLine& line : unpack(per_rank[rank])) {
            const auto index = static_cast<std::size_t>(&add_line(merged.lines, line) - merged.lines.data());
            merged.ranks.resize(merged.lines.size());
            merged.ranks[index].push_back(static_cast<int>(rank));
        }
    }
    return merged;
}

std::string who(const HeldLine& line, const std::vector<int>& ranks, std::size_t world) {
    const std::string said = line.times > ranks.size() ? fmt::format("{} times, ", line.times) : "";
    if (ranks.size() == 1) return fmt::format("{}on rank {}", said, ranks.front());
    if (ranks.size() == world) return fmt::format("{}on all {} ranks", said, world);
    return fmt::format("{}on {} ranks: {}", said, ranks.size(), rank_ranges(ranks));
}

void write_all(const std::vector<HeldLine>& lines) {
    const auto logger = process_log().logger();
    for (const HeldLine& line : lines) {
        const std::string suffix = line.times == 1 ? "" : fmt::format(" ({} times)", line.times);
        logger->to_console(line.level, line.module, line.text + suffix);
    }
}

}  // namespace

MergeScope::MergeScope() {
    process_log().begin_holding();
}

MergeScope::~MergeScope() {
    write_all(process_log().end_holding());
}

std::string MergeScope::take() {
    return pack(process_log().end_holding());
}

void write_merged(std::span<const std::string> per_rank) {
    const Merged merged = merge(per_rank);
    if (per_rank.size() == 1) return write_all(merged.lines);
    const auto logger = process_log().logger();
    for (std::size_t i = 0; i < merged.lines.size(); ++i) {
        const HeldLine& line = merged.lines[i];
        logger->to_console(line.level, line.module,
                           fmt::format("{} ({})", line.text, who(line, merged.ranks[i], per_rank.size())));
    }
}

void flush_pending() noexcept {
    write_all(process_log().take_held());
}

}  // namespace lockstep::log
