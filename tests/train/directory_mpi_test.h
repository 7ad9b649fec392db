#pragma once

#include <filesystem>
#include <string>

#include <unistd.h>

#include "mpi_test.h"

namespace lockstep {

/// A test with a directory that all ranks see, empty at first and removed afterwards.
class DirectoryMpiTest : public MpiTest {
protected:
    void SetUp() override {
        const auto parent = std::filesystem::temp_directory_path();
        directory_ = world().broadcast((parent / ("lockstep-" + std::to_string(getpid()))).string());
        if (rank() == 0) std::filesystem::create_directories(directory_);
        world().barrier();
    }
    void TearDown() override {
        MpiTest::TearDown();
        if (rank() == 0) std::filesystem::remove_all(directory_);
    }
    std::filesystem::path directory_;
};

}  // namespace lockstep
