// Copies of the weights that drift apart are found, and named.
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

TEST_F(ReplicaCheck, EqualCopiesPass) {
    ToyRegression toy(*session);
    const ParameterLayout& layout = toy.model().parameters();
    const std::vector<float> weights(layout.size, 0.5F);
    EXPECT_NO_THROW(check_replicas(world(), true, layout, weights, 7));
}

TEST_F(ReplicaCheck, NamesTheRankAndTheWeightOnEveryRank) {
    if (size() < 3) GTEST_SKIP() << "two copies that differ have no majority";
    ToyRegression toy(*session);
    const ParameterLayout& layout = toy.model().parameters();
    for (int stranger = 0; stranger < size(); ++stranger) {
        std::vector<float> weights(layout.size, 0.5F);
        if (rank() == stranger) weights[layout.parameters[2].offset] = std::nextafter(0.5F, 1.0F);
        const std::string message =
            error_of<Error>([&] { check_replicas(world(), true, layout, weights, 7); });
        EXPECT_THAT(message, AllOf(HasSubstr("after 7 steps"), HasSubstr("rank " + std::to_string(stranger) +
                                                                         " has another dense_1/kernel")));
    }
}

TEST_F(ReplicaCheck, RanksWithoutACopyDoNotCount) {
    ToyRegression toy(*session);
    const ParameterLayout& layout = toy.model().parameters();
    const std::vector<float> weights(layout.size, static_cast<float>(rank()));
    EXPECT_NO_THROW(check_replicas(world(), rank() == 0, layout, weights, 7));
}

/// What a broken memory would do, on rank 0 alone.
class FlipsABit final : public Callback {
public:
    void on_train_batch_end(std::int64_t batch, const Logs& /*logs*/) override {
        if (batch == 2) const_cast<float&>(run().weights().front()) += 1.0F;
    }
};

TEST_F(ReplicaCheck, FitEndsWhenCopiesDrift) {
    if (size() == 1) GTEST_SKIP() << "one rank has one copy";
    for (const std::int64_t every : {0, 2}) {
        Sequential model({10});
        model.add<Dense>({.units = 1});
        Trainer trainer(*session, model,
                        {.loss = "mean_squared_error",
                         .optimizer = "sgd",
                         .exchange = ExchangeMode::private_copies,
                         .check_replicas = every});
        const auto train = [&] {
            trainer.fit(ToyRegression::data(200),
                        {.batch_size = 20, .callbacks = {std::make_shared<FlipsABit>()}});
        };
        if (every == 0) {
            EXPECT_NO_THROW(train());
        } else {
            EXPECT_THAT(error_of<Error>(train), AllOf(HasSubstr("after 4 steps"), HasSubstr("dense/kernel")));
        }
    }
}

}  // namespace
}  // namespace lockstep
