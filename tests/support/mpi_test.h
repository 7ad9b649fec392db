#pragma once

#include <cstddef>

#include <gtest/gtest.h>

#include <lockstep/comm/session.h>

namespace lockstep {

/// A test that all ranks run, with one verdict. Between two collectives use EXPECT, never ASSERT: a rank that
/// leaves early strands the rest.
class MpiTest : public testing::Test {
public:
    static inline Session* session = nullptr;  // made by mpi_main.cpp

protected:
    const Communicator& world() const { return session->world(); }
    int rank() const { return session->rank(); }
    int size() const { return session->size(); }
    /// A number of shards that the ranks, up to four, have equally many of.
    std::size_t shards() const { return size() == 3 ? 3 : 4; }

    void TearDown() override {
        const bool failed_somewhere = world().maximum(HasFailure() ? 1 : 0) != 0;
        if (failed_somewhere && !HasFailure()) ADD_FAILURE() << "failed on another rank";
    }
};

}  // namespace lockstep
