#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lockstep {

/// Files as messages call them: "a.h5", "a.h5 and 3 more". Precondition: there is one.
inline std::string short_name(const std::vector<std::string>& files) {
    const std::string first = std::filesystem::path(files.front()).filename().string();
    return files.size() == 1 ? first : first + " and " + std::to_string(files.size() - 1) + " more";
}

}  // namespace lockstep
