#include "free_memory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include <lockstep/core/cgroup.h>

namespace lockstep {

namespace {

constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

std::optional<std::uint64_t> number_in(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::uint64_t number = 0;
    return stream >> number ? std::optional(number) : std::nullopt;
}

/// The number behind `key` in lines of "key number".
std::optional<std::uint64_t> number_of(const std::filesystem::path& file, const std::string& key) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);)
        if (line.starts_with(key + " ")) return std::stoull(line.substr(key.size()));
    return std::nullopt;
}

std::uint64_t free_in_machine() {
    constexpr std::uint64_t kKibi = 1024;
    const auto kibibytes = number_of("/proc/meminfo", "MemAvailable:");
    return kibibytes ? *kibibytes * kKibi : kUnknown;
}

std::uint64_t free_in_cgroup(const std::filesystem::path& folder) {
    const auto limit = number_in(folder / "memory.max");  // "max": no number
    const auto used = number_in(folder / "memory.current");
    if (!limit || !used) return kUnknown;
    const std::uint64_t kept =
        *used - std::min(*used, number_of(folder / "memory.stat", "inactive_file").value_or(0));
    return *limit - std::min(*limit, kept);
}

}  // namespace

std::uint64_t free_memory() {
    std::uint64_t least = free_in_machine();
    const std::filesystem::path root = "/sys/fs/cgroup";
    for (std::filesystem::path folder = cgroup_folder(); folder != root && folder.has_relative_path();
         folder = folder.parent_path())
        least = std::min(least, free_in_cgroup(folder));
    return std::min(least, free_in_cgroup(root));
}

}  // namespace lockstep
