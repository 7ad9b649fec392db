#pragma once

#include <memory>
#include <utility>

#include <lockstep/core/config.h>
#include <lockstep/core/error.h>

namespace lockstep {

/// Makes a T; what its constructor finds wrong with the options becomes an error of the place where they
/// were written, unless it says a place of its own.
template <typename T>
std::unique_ptr<T> construct_from(const Config& keys, typename T::Options options) {
    try {
        return std::make_unique<T>(std::move(options));
    } catch (const PlacedConfigError&) {
        throw;
    } catch (const ConfigError& error) {
        keys.fail(error.what());
    }
}

}  // namespace lockstep
