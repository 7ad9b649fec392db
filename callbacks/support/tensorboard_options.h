#pragma once

#include <lockstep/callbacks/tensorboard.h>

namespace lockstep {

/// Throws ConfigError if an option is out of range, or cannot have an effect. TensorBoard::help() and
/// from_config() are in the same file.
void check_tensorboard(const TensorBoard::Options& options);

}  // namespace lockstep
