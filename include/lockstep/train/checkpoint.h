#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include <lockstep/core/config.h>
#include <lockstep/data/feature_scaling.h>
#include <lockstep/nn/sequential.h>

namespace lockstep {

inline constexpr const char* kCheckpointSchema = "lockstep.checkpoint/1";

/// What a checkpoint says of itself, without the arrays.
struct CheckpointInfo {
    Config model;                                 // Sequential::config()
    Config training;                              // loss, metrics, optimizer, seed, shards
    Config notes;                                 // TrainerOptions::notes
    std::optional<FeatureScaling> input_scaling;  // what the training data were scaled by
    std::optional<FeatureScaling> target_scaling;
    int epochs_done = 0;
    std::int64_t step = 0;
    bool weights_only = false;
};

/// Any process may call it, without MPI. Throws IoError if the file is missing, incomplete or no checkpoint.
CheckpointInfo read_checkpoint_info(const std::filesystem::path& path);

/// Fills `store`, laid out by model.parameters(), with the weights of a checkpoint of the same layers, or
/// with those of a `.weights.h5` file of Keras (see keras_weights.h), whichever `path` is. Any process may
/// call it, without MPI. Throws IoError, or DataError if weights are missing or have other shapes than the
/// model's.
void read_weights(const std::filesystem::path& path, const Sequential& model, std::span<float> store);

/// The newest sound checkpoint (*.h5) of a directory by step, epochs done and time of writing; damaged ones
/// are skipped with a warning that names them. Empty if there is none.
std::filesystem::path newest_checkpoint(const std::filesystem::path& directory);

}  // namespace lockstep
