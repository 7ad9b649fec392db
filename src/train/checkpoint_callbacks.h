#pragma once

#include <lockstep/io/archive.h>
#include <lockstep/nn/parameter_layout.h>

#include "callback_list.h"

namespace lockstep {

/// The states of callbacks in a checkpoint: values as JSON, copies of the weights as arrays
/// /callbacks/<callback>/<copy>, and an index of these.
void write_callbacks(io::ArchiveWriter& file, const ParameterLayout& layout, const CallbackStates& states);
CallbackStates read_callbacks(const io::ArchiveReader& file, const ParameterLayout& layout);

}  // namespace lockstep
