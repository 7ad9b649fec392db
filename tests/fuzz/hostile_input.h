#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/io/executor.h>

#include "other_file.h"
#include "scratch_directory.h"

namespace lockstep::fuzz {

/// Makes hostile HDF5 files out of inputs, and sees that reading them touches no other file.
class HostileInput {
public:
    /// `names`: what the reader looks for. `make_sound` makes the sound file that half of the hostile ones
    /// begin as.
    HostileInput(std::vector<const char*> names, const std::function<void(const std::string&)>& make_sound);

    /// Calls `read` with the name of the file that `bytes` describe. An Error is a fine answer.
    void run(std::span<const std::uint8_t> bytes, const std::function<void(const std::string&)>& read) const;

private:
    std::vector<const char*> names_;
    ScratchDirectory directory_;
    OtherFile other_;
    std::string sound_, empty_;  // their bytes
    std::shared_ptr<io::Executor> executor_ =
        io::Executor::acquire();  // starting one for each file takes long
};

}  // namespace lockstep::fuzz
