#pragma once

#include <memory>
#include <utility>

#include <lockstep/core/config.h>
#include <lockstep/core/error.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// A callback from a job file: what its constructor finds wrong becomes an error of the place where the keys
/// were written.
template <typename T>
std::unique_ptr<Callback> make_callback(const Config& keys, typename T::Options options) {
    try {
        return std::make_unique<T>(std::move(options));
    } catch (const ConfigError& error) {
        keys.fail(error.what());
    }
}

/// Seconds: a number, or a text such as "2s" or "1h30m"; `fallback` if the key is absent. Throws ConfigError.
double read_seconds(const Config& keys, const char* key, double fallback);

/// Whether hooks talk about what they did: Keras' `verbose`, 0 or 1; a boolean is the same. Throws
/// ConfigError.
int read_verbose(const Config& keys);

}  // namespace lockstep
