#pragma once

namespace lockstep::io {

/// From here on HDF5 cleans nothing up when the process ends: after a file that could not be closed, because
/// the disk was full, it would crash there. Whoever calls this closes his files himself, as everything here
/// does. To be called before anything else of HDF5; without effect later.
void skip_hdf5_exit();

}  // namespace lockstep::io
