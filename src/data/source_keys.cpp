#include "source_keys.h"

namespace lockstep::source_keys {

float scale(const Config& keys, double fallback) {
    return static_cast<float>(keys.get<double>("scale", fallback));
}

std::uint64_t samples(const Config& keys) {
    const auto samples = keys.get<std::size_t>("samples");
    if (samples == 0) keys.at("samples").fail("expected at least 1, got 0");
    return samples;
}

std::uint64_t stream(const Config& keys) {
    const auto part = keys.get<std::string>("part");
    return part == "train" ? 0 : part == "validation" ? 1 : 2;
}

std::vector<Config> list(const Config& keys, const char* key) {
    const Config value = keys.find(key);
    if (value.is_null()) return {};
    if (!value.is_array()) return {value};
    std::vector<Config> entries;
    for (std::size_t i = 0; i < value.size(); ++i) entries.push_back(value[i]);
    if (entries.empty()) value.fail("expected a value or a list of values, got an empty list");
    return entries;
}

std::vector<std::string> names(const Config& keys, const char* key) {
    std::vector<std::string> names;
    for (const Config& entry : list(keys, key)) names.push_back(entry.as<std::string>());
    return names;
}

}  // namespace lockstep::source_keys
