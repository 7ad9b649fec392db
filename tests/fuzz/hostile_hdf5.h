#pragma once

#include <span>
#include <string>

#include <fuzzer/FuzzedDataProvider.h>

namespace lockstep::fuzz {

/// Adds to an HDF5 file what `bytes` say: groups that contain each other, links of every kind, datasets and
/// attributes of every type, size, layout and filter, some that lie in `other`. They have the names that a
/// reader looks for. HDF5 itself makes the file, so that it is sound: what reads it is put to the test, not
/// the library. What the library refuses is left out.
void make_hostile(const std::string& file, std::span<const char* const> names, const std::string& other,
                  FuzzedDataProvider& bytes);

}  // namespace lockstep::fuzz
