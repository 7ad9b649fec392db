#pragma once

#include <string>
#include <vector>

#include <lockstep/core/config.h>

namespace lockstep {

/// A copy of `job`, changed as `--set KEY=VALUE` says, in order. KEY is dotted; elements of arrays go by
/// name, type or index:
///
///     training.epochs=3    callbacks.early_stopping.patience=3    model.layers.dense_1.units=64
///     callbacks[0].path=x.csv
///
/// A part of a key that has a dot itself is quoted: model.layers."block.1".units=64. VALUE is TOML; what is
/// not, is a string, unless the setting has a value of another kind. Throws ConfigError; the message names
/// the nearest element. Keys that nobody knows are found when the job is read.
Config with_overrides(const Config& job, const std::vector<std::string>& assignments);

}  // namespace lockstep
