// A file of Keras becomes the weights of every rank, or an error on every rank.
#include <filesystem>

#include <gmock/gmock.h>

#include <lockstep/train/keras_weights.h>

#include "directory_mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;

class KerasWeightsOfRanks : public DirectoryMpiTest {};

TEST_F(KerasWeightsOfRanks, AreThoseOfTheFile) {
    for (const ExchangeMode mode : {ExchangeMode::automatic, ExchangeMode::private_copies}) {
        Toy toy(*session, {.shards = shards(), .exchange = mode});
        std::vector<float> weights = toy.trainer().get_weights();
        for (float& weight : weights) weight *= 0.5F;
        const fs::path path = directory_ / "half.weights.h5";
        if (rank() == 0) write_keras_weights(path, toy.model(), weights);
        world().barrier();
        toy.trainer().load_weights(path);
        EXPECT_EQ(toy.trainer().get_weights(), weights);
    }
}

TEST_F(KerasWeightsOfRanks, OfAnotherModelAreRefusedOnEveryRankAndChangeNothing) {
    Toy toy(*session, {.shards = shards()});
    ToyRegression other(*session, shards());
    const std::vector<float> before = toy.trainer().get_weights();
    const fs::path path = directory_ / "other.weights.h5";
    if (rank() == 0) write_keras_weights(path, other.model(), other.trainer().get_weights());
    world().barrier();
    EXPECT_THAT([&] { toy.trainer().load_weights(path); },
                testing::ThrowsMessage<Error>(testing::HasSubstr("expected kernel [784, 32]")));
    EXPECT_EQ(toy.trainer().get_weights(), before);
}

}  // namespace
}  // namespace lockstep
