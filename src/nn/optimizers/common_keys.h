#pragma once

#include <string>
#include <vector>

#include <lockstep/core/registry.h>

namespace lockstep {

/// Help of one optimizer: its own keys between learning_rate and those that all have.
TypeHelp optimizer_help(std::string summary, std::string learning_rate, std::vector<TypeHelp::Key> own);

}  // namespace lockstep
