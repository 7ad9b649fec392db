#pragma once

#include <optional>
#include <span>
#include <string>

#include <lockstep/data/feature_scaling.h>
#include <lockstep/io/archive.h>
#include <lockstep/nn/parameter_layout.h>

namespace lockstep {

/// The group of the weights that a checkpoint is of.
inline constexpr const char* kWeightsGroup = "/weights";

/// Arrays that are laid out like the weights, as <group>/<layer>/<weight>.
void write_store(io::ArchiveWriter& file, const std::string& group, const ParameterLayout& layout,
                 std::span<const float> store);
void read_store(const io::ArchiveReader& file, const std::string& group, const ParameterLayout& layout,
                std::span<float> store);

/// The scaling of "inputs" or "targets", as /normalization/<which>/{factor, offset}.
void write_scaling(io::ArchiveWriter& file, const std::string& which,
                   const std::optional<FeatureScaling>& scaling);
std::optional<FeatureScaling> read_scaling(const io::ArchiveReader& file, const std::string& which);

}  // namespace lockstep
