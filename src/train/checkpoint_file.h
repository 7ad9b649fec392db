#pragma once

#include <optional>
#include <string>

#include <lockstep/data/normalization.h>
#include <lockstep/io/archive.h>

namespace lockstep {

/// The scaling of "inputs" or "targets", as /normalization/<which>/{factor, offset}.
void write_scaling(io::ArchiveWriter& file, const std::string& which,
                   const std::optional<Normalization>& scaling);
std::optional<Normalization> read_scaling(const io::ArchiveReader& file, const std::string& which);

}  // namespace lockstep
