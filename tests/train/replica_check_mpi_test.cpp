// Copies of the weights that drift apart are found, and named.
#include <array>
#include <cmath>
#include <vector>

#include <gmock/gmock.h>

#include <lockstep/train/callback.h>

#include "error_of.h"
#include "mpi_test.h"
#include "replica_check.h"
#include "toy.h"

namespace lockstep {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using ReplicaCheck = MpiTest;

std::array<Replica, 2> replicas(const std::vector<float>& weights, const std::vector<float>& velocity) {
    return {{{.name = "", .values = weights}, {.name = "velocity", .values = velocity}}};
}

TEST_F(ReplicaCheck, EqualCopiesPass) {
    ToyRegression toy(*session);
    const ParameterLayout& layout = toy.model().parameters();
    const std::vector<float> weights(layout.size, 0.5F), velocity(layout.size, 0.1F);
    EXPECT_NO_THROW(check_replicas(world(), true, layout, replicas(weights, velocity), 7));
}

TEST_F(ReplicaCheck, NamesTheRankAndTheWeightOnEveryRank) {
    if (size() < 3) GTEST_SKIP() << "two copies that differ have no majority";
    ToyRegression toy(*session);
    const ParameterLayout& layout = toy.model().parameters();
    for (int stranger = 0; stranger < size(); ++stranger) {
        std::vector<float> weights(layout.size, 0.5F);
        const std::vector<float> velocity(layout.size, 0.1F);
        if (rank() == stranger) weights[layout.parameters[2].offset] = std::nextafter(0.5F, 1.0F);
        const std::string message =
            error_of<Error>([&] { check_replicas(world(), true, layout, replicas(weights, velocity), 7); });
        EXPECT_THAT(message, AllOf(HasSubstr("after 7 steps"), HasSubstr("rank " + std::to_string(stranger) +
                                                                         " has another dense_1/kernel")));
    }
}

TEST_F(ReplicaCheck, NamesTheArrayOfTheOptimizer) {
    if (size() < 3) GTEST_SKIP() << "two copies that differ have no majority";
    ToyRegression toy(*session);
    const ParameterLayout& layout = toy.model().parameters();
    const std::vector<float> weights(layout.size, 0.5F);
    std::vector<float> velocity(layout.size, 0.1F);
    const Parameter& bias = layout.parameters[3];
    if (rank() == 1) velocity[bias.offset + bias.size - 1] = std::nextafter(0.1F, 1.0F);
    const std::string message =
        error_of<Error>([&] { check_replicas(world(), true, layout, replicas(weights, velocity), 7); });
    EXPECT_THAT(message, HasSubstr("rank 1 has another velocity of dense_1/bias than rank 0"));
}

TEST_F(ReplicaCheck, RanksWithoutACopyDoNotCount) {
    ToyRegression toy(*session);
    const ParameterLayout& layout = toy.model().parameters();
    const std::vector<float> weights(layout.size, static_cast<float>(rank()));
    EXPECT_NO_THROW(check_replicas(world(), rank() == 0, layout, replicas(weights, weights), 7));
}

/// What a broken memory would do, on rank 0 alone.
class FlipsABit final : public Callback {
public:
    void on_train_batch_end(std::int64_t batch, const Logs& /*logs*/) override {
        if (batch == 2) const_cast<float&>(run().weights().front()) += 1.0F;
    }
};

/// The same, where the weights do not follow what is broken.
class FlipsABitOfTheAverage final : public Callback {
public:
    void on_train_batch_end(std::int64_t batch, const Logs& /*logs*/) override {
        if (batch == 2) const_cast<float&>(run().averaged_weights().front()) += 1.0F;
    }
};

class Drift : public ReplicaCheck {
protected:
    void train(std::int64_t check_replicas, std::vector<std::shared_ptr<Callback>> callbacks,
               ExchangeMode exchange = ExchangeMode::private_copies) {
        Sequential model({10});
        model.add<Dense>({.units = 1});
        Trainer trainer(*session, model,
                        {.loss = "mean_squared_error",
                         .optimizer = Config::table(
                             {{"type", "adam"}, {"use_ema", true}, {"gradient_accumulation_steps", 2}}),
                         .exchange = exchange,
                         .check_replicas = check_replicas});
        trainer.fit(ToyRegression::data(200), {.batch_size = 20, .callbacks = std::move(callbacks)});
    }
};

TEST_F(Drift, IsNotFoundWhereThereIsNone) {
    for (const ExchangeMode exchange : {ExchangeMode::automatic, ExchangeMode::private_copies})
        EXPECT_NO_THROW(train(1, {}, exchange));
}

TEST_F(Drift, EndsFit) {
    if (size() == 1) GTEST_SKIP() << "one rank has one copy";
    EXPECT_NO_THROW(train(0, {std::make_shared<FlipsABit>()}));
    EXPECT_THAT(error_of<Error>([&] { train(2, {std::make_shared<FlipsABit>()}); }),
                AllOf(HasSubstr("after 4 steps"), HasSubstr("has another dense/kernel")));
    EXPECT_THAT(error_of<Error>([&] { train(2, {std::make_shared<FlipsABitOfTheAverage>()}); }),
                AllOf(HasSubstr("after 4 steps"), HasSubstr("has another average of dense/kernel")));
}

}  // namespace
}  // namespace lockstep
