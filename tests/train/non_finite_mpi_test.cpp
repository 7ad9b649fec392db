// A batch whose gradient is not finite, on one rank only: what becomes of the weights, and who is named.
#include <limits>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/data/array_source.h>
#include <lockstep/math/kernels.h>
#include <lockstep/train/callback.h>

#include "error_of.h"
#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t kBatch = 24;  // as many samples on 1, 2, 3 and 4 ranks

class NonFiniteMpi : public MpiTest, public testing::WithParamInterface<ExchangeMode> {
protected:
    /// Batches of numbers, the first of them number `first`; in those of `bad`, the last sample, which is the
    /// last rank's, has a NaN.
    static Dataset batches(const std::vector<bool>& bad, std::size_t first = 0) {
        const std::size_t samples = bad.size() * kBatch;
        std::vector<float> inputs(samples * 3), targets(samples);
        for (std::size_t i = 0; i < inputs.size(); ++i)
            inputs[i] = static_cast<float>((i + 3 * first * kBatch) % 7) / 7.0F;
        for (std::size_t i = 0; i < samples; ++i)
            targets[i] = static_cast<float>((i + first * kBatch) % 5) / 5.0F;
        for (std::size_t batch = 0; batch < bad.size(); ++batch)
            if (bad[batch]) inputs[(batch + 1) * kBatch * 3 - 1] = std::numeric_limits<float>::quiet_NaN();
        return Dataset(std::make_shared<ArraySource>(ArraySource::Options{
            .inputs = std::move(inputs), .targets = std::move(targets), .input_shape = {3}}));
    }

    struct Run {
        Sequential model{Shape{3}};
        std::unique_ptr<Trainer> trainer;
        void fit(const Dataset& data, std::vector<std::shared_ptr<Callback>> callbacks = {}) const {
            trainer->fit(data, {.batch_size = kBatch, .shuffle = false, .callbacks = std::move(callbacks)});
        }
    };

    std::unique_ptr<Run> make_run(NonFinite policy, const Config& optimizer = "adam") {
        auto made = std::make_unique<Run>();
        made->model.add<Dense>({.units = 4, .activation = "tanh"});
        made->model.add<Dense>({.units = 1});
        made->trainer = std::make_unique<Trainer>(*session, made->model,
                                                  TrainerOptions{.loss = "mean_squared_error",
                                                                 .optimizer = optimizer,
                                                                 .seed = 3,
                                                                 .exchange = GetParam(),
                                                                 .on_nonfinite = policy});
        return made;
    }

    std::vector<float> weights_after(std::size_t good_batches) {
        const auto run = make_run(NonFinite::ignore);
        run->fit(batches(std::vector<bool>(good_batches, false)));
        return run->trainer->get_weights();
    }

    std::string source() const {
        return "the gradient of dense_1/kernel on rank " + std::to_string(size() - 1);
    }
};

class CountsBatches final : public Callback {
public:
    void on_train_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) override { ++batches; }
    int batches = 0;
};

TEST_P(NonFiniteMpi, IgnoredItSpoilsTheWeights) {
    const auto run = make_run(NonFinite::ignore);
    run->fit(batches({false, true}));
    EXPECT_FALSE(math::all_finite(run->trainer->get_weights()));
}

TEST_P(NonFiniteMpi, AGuardChangesNoBit) {
    const auto run = make_run(NonFinite::skip);
    run->fit(batches({false, false, false}));
    EXPECT_EQ(run->trainer->get_weights(), weights_after(3));
}

TEST_P(NonFiniteMpi, ASkippedStepLeavesNoTrace) {
    const auto run = make_run(NonFinite::skip);
    run->fit(batches({true, false, false}));
    const auto whole = make_run(NonFinite::ignore);
    whole->fit(batches({false, false}, 1));
    EXPECT_EQ(run->trainer->get_weights(), whole->trainer->get_weights());
    EXPECT_EQ(run->trainer->stop_cause(), StopCause::wish);
}

TEST_P(NonFiniteMpi, StopKeepsTheLastGoodWeightsAndNamesRankAndWeight) {
    const auto run = make_run(NonFinite::stop);
    const auto count = std::make_shared<CountsBatches>();
    run->fit(batches({false, true, false, false}), {count});
    EXPECT_EQ(run->trainer->get_weights(), weights_after(1));
    EXPECT_EQ(run->trainer->stop_cause(), StopCause::diverged);
    if (rank() != 0) return;
    EXPECT_EQ(count->batches, 2);
    EXPECT_THAT(run->trainer->stop_reason(), AllOf(HasSubstr("epoch 1, step 1"), HasSubstr(source())));
}

TEST_P(NonFiniteMpi, RaiseThrowsOnEveryRank) {
    const auto run = make_run(NonFinite::raise);
    const std::string message = error_of<DivergedError>([&] { run->fit(batches({false, true, false})); });
    EXPECT_THAT(message, AllOf(HasSubstr("epoch 1, step 1"), HasSubstr(source())));
    EXPECT_EQ(run->trainer->get_weights(), weights_after(1));
}

TEST_P(NonFiniteMpi, TenStepsInARowAreTheEnd) {
    const auto run = make_run(NonFinite::skip);
    const auto count = std::make_shared<CountsBatches>();
    run->fit(batches(std::vector<bool>(15, true)), {count});
    EXPECT_EQ(run->trainer->stop_cause(), StopCause::diverged);
    EXPECT_EQ(count->batches, rank() == 0 ? 10 : 0);
}

TEST_P(NonFiniteMpi, NothingIsSkippedThatHasLeftItsTraces) {
    const Config accumulates = Config::table({{"type", "sgd"}, {"gradient_accumulation_steps", 2}});
    for (const Config& optimizer : {accumulates, Config("lamb")}) {
        EXPECT_THROW(make_run(NonFinite::skip, optimizer), ConfigError);
        EXPECT_NO_THROW(make_run(NonFinite::stop, optimizer));
    }
}

INSTANTIATE_TEST_SUITE_P(Exchanges, NonFiniteMpi,
                         testing::Values(ExchangeMode::automatic, ExchangeMode::private_copies));

}  // namespace
}  // namespace lockstep
