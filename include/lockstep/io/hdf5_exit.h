#pragma once

namespace lockstep::io {

/// From here on HDF5 cleans nothing up when the process ends. After a file that could not be closed, because
/// the disk was full, it would crash there; after a damaged one that another thread read (Executor), HDF5
/// 1.10 says "infinite loop closing library". Whoever calls this closes his files himself, as everything here
/// does. To be called before anything else of HDF5; without effect later.
void skip_hdf5_exit();

}  // namespace lockstep::io
