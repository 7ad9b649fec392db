#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <unistd.h>

#include <lockstep/log/identity.h>

namespace lockstep::log {
namespace {

/// The variables in which one launcher tells its processes who they are; null where it has none.
struct Launcher {
    const char* rank;
    const char* size;
    const char* local_rank;
    const char* node;
};

// In the order of trust. PMIx under srun has no variable for the size: Slurm's is right there.
constexpr std::array<Launcher, 4> kLaunchers = {{
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", nullptr},
    {"PMIX_RANK", "SLURM_NTASKS", "SLURM_LOCALID", "SLURM_NODEID"},
    {"PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", nullptr},
    {"SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", "SLURM_NODEID"},
}};

std::string variable(const char* name) {
    const char* value = name == nullptr ? nullptr : std::getenv(name);
    return value == nullptr ? "" : value;
}

std::optional<int> number(const char* name) {
    const std::string text = variable(name);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

std::string host_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    const std::string_view full = name.data();
    return std::string(full.substr(0, full.find('.')));
}

}  // namespace

Identity early_identity() {
    Identity identity{.host = host_name(), .slurm_job = variable("SLURM_JOB_ID")};
    for (const Launcher& launcher : kLaunchers) {
        const auto rank = number(launcher.rank);
        if (!rank) continue;
        identity.rank = *rank;
        identity.size = std::max(number(launcher.size).value_or(1), *rank + 1);
        identity.local_rank = number(launcher.local_rank).value_or(*rank);
        identity.node = number(launcher.node).value_or(0);
        break;
    }
    return identity;
}

}  // namespace lockstep::log
