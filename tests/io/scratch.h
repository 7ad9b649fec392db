#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "error_of.h"
#include "scratch_directory.h"

using lockstep::error_of;
using lockstep::ScratchDirectory;

/// Holds a file as an HDF5 reader does.
class Holder {
public:
    explicit Holder(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (descriptor_ < 0 || flock(descriptor_, LOCK_SH | LOCK_NB) != 0)
            throw std::runtime_error("cannot lock " + path);
    }
    ~Holder() { close(descriptor_); }
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;

private:
    int descriptor_;
};

inline std::string read_bytes(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}
