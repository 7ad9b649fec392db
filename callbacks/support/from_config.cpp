#include "from_config.h"

#include <fmt/format.h>

#include <lockstep/core/duration.h>

namespace lockstep {

double read_seconds(const Config& keys, const char* key, double fallback) {
    const Config setting = keys.find(key);
    return setting.is_null() ? fallback : read_duration(setting);
}

int read_verbose(const Config& keys) {
    const Config setting = keys.find("verbose");
    if (setting.is_null()) return 0;
    if (setting.kind() == Config::Kind::boolean) return setting.as<bool>() ? 1 : 0;
    const int verbose = setting.as<int>();
    if (verbose != 0 && verbose != 1) setting.fail(fmt::format("expected 0 or 1, got {}", verbose));
    return verbose;
}

}  // namespace lockstep
