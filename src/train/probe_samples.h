#pragma once

#include <cstddef>
#include <string>

#include <lockstep/data/dataset.h>
#include <lockstep/train/probe.h>

namespace lockstep {

/// The first samples of `data`, `count` of them or as many as there are; `name` is what the data are called.
Probe::Samples read_probe_samples(const Dataset& data, std::size_t count, std::string name);

}  // namespace lockstep
