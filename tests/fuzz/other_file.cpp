#include "other_file.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include <hdf5.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace lockstep::fuzz {

OtherFile::OtherFile() : name_(directory_ / "other.h5"), events_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    const hid_t file = H5Fcreate(name_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hsize_t extents[] = {4, 3};
    const hid_t space = H5Screate_simple(2, extents, nullptr);
    H5Dclose(H5Dcreate2(file, "/x", H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Fclose(file);
    if (inotify_add_watch(events_, name_.c_str(), IN_OPEN) < 0) std::abort();
}

OtherFile::~OtherFile() {
    close(events_);
}

bool OtherFile::was_opened() const {
    alignas(inotify_event) std::array<char, 4096> events;
    bool opened = false;
    while (read(events_, events.data(), events.size()) > 0) opened = true;
    return opened;
}

void OtherFile::require_untouched() const {
    if (!was_opened()) return;
    std::fputs("the reader opened another file\n", stderr);
    std::abort();
}

}  // namespace lockstep::fuzz
