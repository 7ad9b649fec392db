#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/nn/optimizer.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/callback.h>

namespace lockstep {

/// What the logs of an epoch will hold: "loss", the metrics' names and, if there are data to validate with,
/// the same with "val_" in front. What record() adds is not known before training. `model` must be built.
/// Throws ConfigError or ShapeError.
std::vector<std::string> log_keys(const Sequential& model, const Config& loss,
                                  const std::vector<Config>& metrics,
                                  const std::vector<Config>& weighted_metrics, bool has_validation);

/// Throws ConfigError if a callback monitors what is not among `keys` (the message lists them), needs an
/// average of the weights that the optimizer does not keep, or sets a learning rate that follows a schedule.
void check_callbacks(std::span<const std::shared_ptr<Callback>> callbacks,
                     const std::vector<std::string>& keys, const Optimizer& optimizer);

}  // namespace lockstep
