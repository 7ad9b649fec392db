#pragma once

#include <string>

#include <lockstep/core/error.h>

namespace lockstep {

/// The message of the ConfigError that `work` throws; empty if it throws none.
template <typename Work>
std::string config_error(Work&& work) {
    try {
        work();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

}  // namespace lockstep
