#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include <lockstep/core/config.h>

namespace lockstep {

// What the tables of a job file are read with. All throw ConfigError naming file, line and key.

/// A table that has to be there. `example`: what the message shows if it is missing.
Config required_table(const Config& tree, const char* name, const char* example);

/// A value that has to be there, likewise.
Config required(const Config& table, const char* key, const char* example);

/// An integer from `least` on.
template <typename T>
T at_least(const Config& table, const char* key, T least, T fallback) {
    const Config value = table.find(key);
    if (value.is_null()) return fallback;
    const auto number = value.as<std::int64_t>();
    if (number < static_cast<std::int64_t>(least) || !std::in_range<T>(number))
        value.fail("expected an integer of at least " + std::to_string(least) + ", got " +
                   std::to_string(number));
    return static_cast<T>(number);
}

template <typename T>
std::optional<T> optional_at_least(const Config& table, const char* key, T least) {
    return table.contains(key) ? std::optional<T>(at_least<T>(table, key, least, least)) : std::nullopt;
}

/// What one of several words means.
template <typename T>
T choice(const Config& table, const char* key, T fallback,
         std::initializer_list<std::pair<const char*, T>> choices) {
    const Config value = table.find(key);
    if (value.is_null()) return fallback;
    std::string known;
    for (const auto& [name, meaning] : choices) {
        if (value == Config(name)) return meaning;
        known += (known.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    value.fail("expected one of " + known);
}

}  // namespace lockstep
