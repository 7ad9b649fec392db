// Checkpoints that are sound files and say what no training says.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/train/checkpoint.h>

#include "error_of.h"
#include "scratch_directory.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

TEST(HostileCheckpoint, ScalingHasAsManyOffsetsAsFactors) {
    const ScratchDirectory scratch;
    {
        io::ArchiveWriter file(scratch / "a.h5", kCheckpointSchema);
        for (const char* name : {"model", "training", "notes"}) file.attribute(name, std::string("{}"));
        for (const char* name : {"epoch", "step", "weights_only"}) file.attribute(name, std::int64_t{0});
        file.array("/normalization/inputs/factor", std::vector<float>(784, 1.0F), {784});
        file.array("/normalization/inputs/offset", std::vector<float>(1, 1.0F), {1});
        file.commit();
    }
    EXPECT_THAT(error_of<DataError>([&] { read_checkpoint_info(scratch / "a.h5"); }),
                HasSubstr("/normalization/inputs: expected as many offsets as factors, 784, got 1"));
}

}  // namespace
}  // namespace lockstep
