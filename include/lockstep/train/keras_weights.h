#pragma once

#include <filesystem>
#include <span>

#include <lockstep/nn/sequential.h>

namespace lockstep {

// Weights in the layout of Keras 3's `.weights.h5` files, for the layers that both have. The model in Keras
// is a Sequential, or a Functional of one path, of the same layers in the same order; how they are named does
// not matter.
//
// Checked against that layout as the sources of Keras 3 describe it (keras/src/saving/saving_lib.py of the
// first releases and of 2026), not against Keras itself. The weights of multi-head attention are written to
// query_dense, key_dense, ..., and read from _query_dense, ... too, where earlier versions have them.

/// Writes the weights of a built model, `store` laid out by model.parameters(). The file appears whole or not
/// at all. Throws ConfigError if a layer has weights and no counterpart in Keras, IoError.
void write_keras_weights(const std::filesystem::path& path, const Sequential& model,
                         std::span<const float> store);

/// Fills `store`, laid out by model.parameters(); an error leaves it as it was. What the file has beyond
/// layers, such as the optimizer's variables, and states of random numbers are passed over. Throws IoError,
/// or DataError if the file has another layout, or weights that are missing, left over or of other shapes or
/// types than the model's.
void read_keras_weights(const std::filesystem::path& path, const Sequential& model, std::span<float> store);

}  // namespace lockstep
