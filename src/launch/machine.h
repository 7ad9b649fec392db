#pragma once

#include <optional>
#include <string>

namespace lockstep {

/// What this process may use of the machine that it runs on.
struct Machine {
    std::string host;
    std::string cpu;              // "AMD EPYC 7B13"; empty if unknown
    int online_cores = 0;         // of the machine, hardware threads
    int allowed_cores = 0;        // by affinity
    std::optional<double> quota;  // cores' worth of time by the cgroup
    double memory_gb = 0;         // of the machine

    /// Cores that can really run: affinity and quota.
    double usable_cores() const;
};

Machine this_machine();

/// "max 100000" or "150000 100000", as cgroup v2's cpu.max has it, in cores; none for max or another text.
std::optional<double> parse_cpu_quota(const std::string& text);

}  // namespace lockstep
