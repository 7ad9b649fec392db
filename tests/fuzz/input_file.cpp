#include "input_file.h"

#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

namespace lockstep::fuzz {

InputFile::InputFile()
    : file_(memfd_create("input", MFD_CLOEXEC)), name_("/proc/self/fd/" + std::to_string(file_)) {
    if (file_ < 0) std::abort();
}

InputFile::~InputFile() {
    close(file_);
}

void InputFile::write(std::span<const std::uint8_t> bytes) const {
    const auto size = static_cast<ssize_t>(bytes.size());
    if (ftruncate(file_, 0) != 0 || pwrite(file_, bytes.data(), bytes.size(), 0) != size) std::abort();
}

}  // namespace lockstep::fuzz
