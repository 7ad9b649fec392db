// Runs GoogleTest as one of several ranks: rank 0 reports, the others speak only of failures.
#include <cstdio>

#include <gtest/gtest.h>

#include "mpi_test.h"

namespace {

/// What a rank other than 0 prints.
class FailuresOnly final : public testing::EmptyTestEventListener {
public:
    explicit FailuresOnly(int rank) : rank_(rank) {}

private:
    void OnTestPartResult(const testing::TestPartResult& result) override {
        if (result.failed())
            std::printf("[rank %d] %s:%d: %s\n", rank_, result.file_name(), result.line_number(),
                        result.message());
    }
    int rank_;
};

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    lockstep::Session session(argc, argv);
    lockstep::MpiTest::session = &session;
    if (!session.is_root()) {
        auto& listeners = testing::UnitTest::GetInstance()->listeners();
        delete listeners.Release(listeners.default_result_printer());
        listeners.Append(new FailuresOnly(session.rank()));
    }
    return RUN_ALL_TESTS();
}
