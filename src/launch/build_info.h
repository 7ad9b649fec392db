#pragma once

#include <string>

namespace lockstep {

/// "0.1.0"
const char* lockstep_version();

/// Where and for which CPU this was built: "node07", "native".
const char* build_host();
const char* build_architecture();

/// "lockstep 0.1.0 (for native, built on node07)"
std::string build_description();

}  // namespace lockstep
