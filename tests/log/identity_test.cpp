#include <cstdlib>

#include "log_fixture.h"

namespace lockstep::log {
namespace {

/// Nothing of a launcher in the environment but what a test sets.
class EarlyIdentity : public testing::Test {
protected:
    EarlyIdentity() { clear(); }
    ~EarlyIdentity() override { clear(); }

    static void clear() {
        for (const char* name : {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK",
                                 "PMIX_RANK", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "SLURM_PROCID",
                                 "SLURM_NTASKS", "SLURM_LOCALID", "SLURM_NODEID", "SLURM_JOB_ID"}) {
            unsetenv(name);
        }
    }

    static Identity with(const std::vector<std::pair<const char*, const char*>>& variables) {
        for (const auto& [name, value] : variables) setenv(name, value, 1);
        return early_identity();
    }
};

void expect_rank(const Identity& identity, int rank, int size, int local_rank) {
    EXPECT_EQ(identity.rank, rank);
    EXPECT_EQ(identity.size, size);
    EXPECT_EQ(identity.local_rank, local_rank);
}

TEST_F(EarlyIdentity, IsRankZeroOfOneWithoutALauncher) {
    const Identity identity = early_identity();
    expect_rank(identity, 0, 1, 0);
    EXPECT_FALSE(identity.host.empty());
    EXPECT_EQ(identity.slurm_job, "");
}

TEST_F(EarlyIdentity, UnderMpirunInASlurmJobIsNotSlurmsRank) {
    const Identity identity = with({{"OMPI_COMM_WORLD_RANK", "5"},
                                    {"OMPI_COMM_WORLD_SIZE", "8"},
                                    {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                                    {"SLURM_PROCID", "0"},
                                    {"SLURM_NTASKS", "2"},
                                    {"SLURM_JOB_ID", "4711"}});
    expect_rank(identity, 5, 8, 1);
    EXPECT_EQ(identity.slurm_job, "4711");
}

TEST_F(EarlyIdentity, UnderSrunWithPmixTakesTheSizeFromSlurm) {
    const Identity identity = with({{"PMIX_RANK", "3"},
                                    {"SLURM_PROCID", "3"},
                                    {"SLURM_NTASKS", "4"},
                                    {"SLURM_LOCALID", "1"},
                                    {"SLURM_NODEID", "1"}});
    expect_rank(identity, 3, 4, 1);
    EXPECT_EQ(identity.node, 1);
}

TEST_F(EarlyIdentity, KnowsPmi) {
    expect_rank(with({{"PMI_RANK", "2"}, {"PMI_SIZE", "3"}, {"MPI_LOCALRANKID", "0"}}), 2, 3, 0);
}

TEST_F(EarlyIdentity, BelievesSlurmWhenNobodyElseSpeaks) {
    expect_rank(with({{"SLURM_PROCID", "6"}, {"SLURM_NTASKS", "8"}, {"SLURM_LOCALID", "2"}}), 6, 8, 2);
}

TEST_F(EarlyIdentity, IgnoresWhatIsNoNumber) {
    expect_rank(with({{"OMPI_COMM_WORLD_RANK", "two"}, {"PMI_RANK", "-1"}, {"SLURM_PROCID", ""}}), 0, 1, 0);
}

TEST_F(EarlyIdentity, NeverHasARankBeyondItsSize) {
    expect_rank(with({{"PMIX_RANK", "3"}}), 3, 4, 3);
}

}  // namespace
}  // namespace lockstep::log
