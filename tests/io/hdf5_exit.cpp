// As the program does: the tests damage files and fill disks, and HDF5 trips over both when the process ends.
#include <lockstep/io/hdf5_exit.h>

namespace {

[[maybe_unused]] const bool kSkipped = (lockstep::io::skip_hdf5_exit(), true);

}  // namespace
