// Checkpoints of another training, or with other shards: what is refused, and what an elastic trainer takes.
#include <filesystem>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/train/checkpoint.h>

#include "directory_mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

class ForeignCheckpoints : public DirectoryMpiTest {};

TEST_F(ForeignCheckpoints, OfAnotherTrainingAreRefusedOnEveryRank) {
    Toy saved(*session, {.shards = shards()}), other(*session, {.shards = shards(), .learning_rate = 0.2});
    saved.trainer().save(directory_ / "saved.h5");
    EXPECT_THAT([&] { other.trainer().restore(directory_ / "saved.h5"); },
                testing::ThrowsMessage<Error>(testing::HasSubstr("optimizer")));
    EXPECT_THROW(other.trainer().restore(directory_ / "nowhere.h5"), Error);
    other.trainer().load_weights(directory_ / "saved.h5");
    EXPECT_EQ(other.trainer().get_weights(), saved.trainer().get_weights());
}

/// A copy of a checkpoint that says something else of where training is.
void copy_with(const fs::path& from, const fs::path& to, const char* key, const Config& value) {
    const io::ArchiveReader reader(from.string());
    io::ArchiveWriter writer(to.string(), kCheckpointSchema);
    for (const std::string& name : reader.arrays("/")) {
        std::vector<float> values(reader.shape(name).size());
        reader.array(name, std::span<float>(values));
        writer.array(name, values, reader.shape(name));
    }
    for (const char* name : {"model", "training", "notes", "history", "callbacks", "callback_weights"})
        writer.attribute(name, reader.text(name));
    for (const char* name : {"epoch", "step", "weights_only"}) writer.attribute(name, reader.integer(name));
    Config position = Config::from_json(reader.text("position"));
    position.set(key, value);
    writer.attribute("position", position.to_json());
    writer.commit();
}

TEST_F(ForeignCheckpoints, WithCountsThatCannotBeAreRefused) {
    Toy saved(*session, {.shards = shards()}), other(*session, {.shards = shards()});
    saved.trainer().save(directory_ / "saved.h5");
    const std::int64_t too_many = std::int64_t{1} << 62;
    for (const auto& [key, value] :
         {std::pair{"step", Config(-1)}, std::pair{"epochs_done", Config(-1)},
          std::pair{"iterations", Config(-1)}, std::pair{"pass", Config(too_many)},
          std::pair{"epoch_batch", Config(too_many)}, std::pair{"accumulated", Config(1)}}) {
        if (rank() == 0) copy_with(directory_ / "saved.h5", directory_ / "changed.h5", key, value);
        world().barrier();
        EXPECT_THROW(other.trainer().restore(directory_ / "changed.h5"), Error) << key;
        world().barrier();
    }
    other.trainer().restore(directory_ / "saved.h5");
}

TEST_F(ForeignCheckpoints, AreOfTheirShardsButForElasticTrainers) {
    Toy first(*session, {.shards = shards()});
    first.trainer().fit(Toy::glyphs(100), {.batch_size = 50, .epochs = 1});
    first.trainer().save(directory_ / "one.h5");
    Toy strict(*session, {.shards = 2 * shards()}),
        elastic(*session, {.shards = 2 * shards(), .elastic = true});
    EXPECT_THAT([&] { strict.trainer().restore(directory_ / "one.h5"); },
                testing::ThrowsMessage<ConfigError>(testing::HasSubstr("was made with shards = ")));
    elastic.trainer().restore(directory_ / "one.h5");
    EXPECT_EQ(elastic.trainer().epochs_done(), 1);
    EXPECT_EQ(elastic.trainer().get_weights(), first.trainer().get_weights());
}

TEST_F(ForeignCheckpoints, OfElasticTrainersAreOfOneShardPerRankWhereShardsDoNotFit) {
    Toy toy(*session, {.shards = 4, .elastic = true});
    EXPECT_EQ(toy.trainer().info().shards, size() == 3 ? 0U : 4U);
    toy.trainer().fit(Toy::glyphs(100), {.batch_size = 50, .epochs = 1});
    toy.trainer().save(directory_ / "one.h5");
    EXPECT_EQ(read_checkpoint_info(directory_ / "one.h5").training.get<std::size_t>("shards"),
              size() == 3 ? 0U : 4U);
}

}  // namespace
}  // namespace lockstep
