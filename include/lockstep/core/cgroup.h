#pragma once

#include <fstream>
#include <string>

namespace lockstep {

/// The folder of this process's cgroup (version 2); the root if that cannot be told.
inline std::string cgroup_folder() {
    std::ifstream stream("/proc/self/cgroup");
    for (std::string line; std::getline(stream, line);)
        if (line.starts_with("0::/")) return "/sys/fs/cgroup" + line.substr(3);
    return "/sys/fs/cgroup";
}

}  // namespace lockstep
