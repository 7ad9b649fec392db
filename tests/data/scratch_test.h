#pragma once

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace lockstep {

/// A directory of its own for each test, removed afterwards.
class ScratchTest : public testing::Test {
protected:
    ScratchTest() {
        std::string name = testing::TempDir() + "lockstep-data-XXXXXX";
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch directory: " + name);
        directory_ = name;
    }
    ~ScratchTest() override { std::filesystem::remove_all(directory_); }

    std::string path(const std::string& name) const { return directory_ + "/" + name; }

    std::string write(const std::string& name, std::span<const std::byte> bytes) const {
        std::ofstream(path(name), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path(name);
    }

    std::string directory_;
};

}  // namespace lockstep
