#pragma once

#include <filesystem>

#include <lockstep/core/config.h>
#include <lockstep/launch/job.h>

namespace lockstep {

/// What messages about missing tables show.
inline constexpr const char* kDataExample =
    "  [data]\n  source = \"idx\"\n  train = { inputs = \"train-images.gz\", targets = \"train-labels.gz\" }";
inline constexpr const char* kModelExample =
    "  [model]\n  input = [28, 28, 1]\n  layers = [{ type = \"flatten\" }, { type = \"dense\", units = 10, "
    "activation = \"softmax\" }]";
inline constexpr const char* kTrainingExample =
    "  [training]\n  loss = \"sparse_categorical_crossentropy\"\n  optimizer = \"adam\"\n  epochs = 5\n  "
    "batch_size = 128";

/// The tree with the defaults that decide what is computed written out, and with an absolute data.directory,
/// so that it means the same when it is read from elsewhere.
Config resolved_tree(const Config& tree, const Job& job, const std::filesystem::path& file);

}  // namespace lockstep
