#pragma once

#include <fuzzer/FuzzedDataProvider.h>
#include <hdf5.h>

namespace lockstep::fuzz {

/// A type of elements, of any class; negative if HDF5 refuses it. The caller closes it.
hid_t hostile_type(FuzzedDataProvider& bytes);

}  // namespace lockstep::fuzz
