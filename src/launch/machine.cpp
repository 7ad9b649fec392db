#include "machine.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include <sched.h>
#include <unistd.h>

#include <lockstep/core/cgroup.h>

namespace lockstep {
namespace {

std::string first_line(const std::string& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

std::string cpu_name() {
    std::ifstream stream("/proc/cpuinfo");
    for (std::string line; std::getline(stream, line);)
        if (line.starts_with("model name")) return line.substr(std::min(line.size(), line.find(':') + 2));
    return "";
}

int affinity_cores() {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    return sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 0;
}

std::string host_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

}  // namespace

double Machine::usable_cores() const {
    return std::min(static_cast<double>(allowed_cores), quota.value_or(allowed_cores));
}

std::optional<double> parse_cpu_quota(const std::string& text) {
    std::istringstream in(text);
    double quota = 0, period = 0;
    if (!(in >> quota >> period) || period <= 0) return std::nullopt;
    return quota / period;
}

Machine this_machine() {
    const double pages = static_cast<double>(sysconf(_SC_PHYS_PAGES)),
                 page = static_cast<double>(sysconf(_SC_PAGE_SIZE));
    return {.host = host_name(),
            .cpu = cpu_name(),
            .online_cores = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)),
            .allowed_cores = affinity_cores(),
            .quota = parse_cpu_quota(first_line(cgroup_folder() + "/cpu.max")),
            .memory_gb = pages * page / 1e9};
}

}  // namespace lockstep
