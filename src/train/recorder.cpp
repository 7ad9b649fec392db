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

void note(const std::string& name, const Recorded& record) {
    const std::lock_guard lock(notes().mutex);
    const auto [entry, is_new] = notes().records.try_emplace(name, Recorded{.merge = record.merge});
    if (entry->second.merge != record.merge)
        throw Error("record(\"" + name + "\"): it was recorded with another way of merging before");
    entry->second.add(record.value, record.weight);
}

}  // namespace

void record(std::string_view name, double value, double weight, Merge merge) {
    if (name.empty() || name.find('\n') != std::string_view::npos)
        throw Error("record(): a name must not be empty or have line breaks");
    note(std::string(name),
         {.merge = merge, .value = merge == Merge::mean ? value * weight : value, .weight = weight});
}

void put_back_records(const std::map<std::string, Recorded>& records) {
    for (const auto& [name, record] : records) note(name, record);
}

std::map<std::string, Recorded> take_records() {
    const std::lock_guard lock(notes().mutex);
    return std::exchange(notes().records, {});
}

}  // namespace lockstep
