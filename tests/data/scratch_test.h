#pragma once

#include <cstddef>
#include <fstream>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "scratch_directory.h"

namespace lockstep {

/// A directory of its own for each test, removed afterwards.
class ScratchTest : public testing::Test {
protected:
    std::string path(const std::string& name) const { return directory_ + "/" + name; }

    std::string write(const std::string& name, std::span<const std::byte> bytes) const {
        std::ofstream(path(name), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path(name);
    }

    ScratchDirectory scratch_;
    std::string directory_ = scratch_.string();
};

}  // namespace lockstep
