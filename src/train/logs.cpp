#include <algorithm>

#include <lockstep/core/error.h>
#include <lockstep/train/logs.h>

namespace lockstep {

namespace {

auto find(auto& entries, std::string_view key) {
    return std::ranges::find(entries, key,
                             [](const Logs::Entry& entry) -> std::string_view { return entry.first; });
}

}  // namespace

bool Logs::contains(std::string_view key) const {
    return find(entries_, key) != entries_.end();
}

double Logs::at(std::string_view key) const {
    const auto entry = find(entries_, key);
    if (entry != entries_.end()) return entry->second;
    std::string known;
    for (const auto& name : keys()) known += (known.empty() ? "" : ", ") + name;
    throw Error("the logs have no \"" + std::string(key) +
                "\"; they have: " + (known.empty() ? "nothing" : known));
}

double Logs::get(std::string_view key, double fallback) const {
    const auto entry = find(entries_, key);
    return entry == entries_.end() ? fallback : entry->second;
}

std::vector<std::string> Logs::keys() const {
    std::vector<std::string> names;
    for (const auto& [name, value] : entries_) names.push_back(name);
    if (!outputs_.empty()) names.emplace_back("outputs");
    return names;
}

void Logs::set(std::string_view key, double value) {
    const auto entry = find(entries_, key);
    if (entry == entries_.end())
        entries_.emplace_back(key, value);
    else
        entry->second = value;
}

void Logs::clear() {
    entries_.clear();
    outputs_ = {};
}

}  // namespace lockstep
