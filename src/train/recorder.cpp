#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <lockstep/core/error.h>
#include <lockstep/train/recorder.h>

#include "rank_report.h"

namespace lockstep {

namespace {

/// Layers and losses may record from several threads, and know of no trainer: so the process keeps the notes.
struct Notes {
    std::mutex mutex;
    std::map<std::string, Recorded> records;
};

Notes& notes() {
    static Notes process_notes;
    return process_notes;
}

}  // namespace

void record(std::string_view name, double value, double weight, Merge merge) {
    if (name.empty() || name.find('\n') != std::string_view::npos)
        throw Error("record(): a name must not be empty or have line breaks");
    const std::lock_guard lock(notes().mutex);
    const auto [entry, is_new] = notes().records.try_emplace(std::string(name), Recorded{.merge = merge});
    if (entry->second.merge != merge)
        throw Error("record(\"" + std::string(name) +
                    "\"): it was recorded with another way of merging before");
    entry->second.add(merge == Merge::mean ? value * weight : value, weight);
}

std::map<std::string, Recorded> take_records() {
    const std::lock_guard lock(notes().mutex);
    return std::exchange(notes().records, {});
}

}  // namespace lockstep
