#include <gmock/gmock.h>

#include <lockstep/callbacks/swap_ema_weights.h>
#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::HasSubstr;
using Weights = std::vector<float>;

class SwapEMAWeightsTest : public CallbackTest {
protected:
    SwapEMAWeightsTest() {
        const std::size_t size = run.model().parameters().size;
        trained = Weights(size, 0.0F);
        average = Weights(size, 0.0F);
        for (const Parameter& parameter : run.model().parameters().parameters)
            for (std::size_t i = 0; i < parameter.size; ++i) {
                trained[parameter.offset + i] = 1.0F + static_cast<float>(i);
                average[parameter.offset + i] = 10.0F + static_cast<float>(i);
            }
        run.weights_now = trained;
        run.averages_now = average;
    }

    /// What training does between hooks: both change, but for the zeros between weights.
    void train() {
        for (float& weight : run.weights_now) weight *= 2;
        trained = run.weights_now;
        for (float& weight : run.averages_now) weight *= 1.5F;
        average = run.averages_now;
    }

    Weights trained, average;
};

TEST_F(SwapEMAWeightsTest, TestsAndPredictsWithTheAverage) {
    SwapEMAWeights& callback = make<SwapEMAWeights>({});
    callback.on_train_begin({});
    for (int epoch = 0; epoch < 2; ++epoch) {
        callback.on_epoch_begin(epoch, {});
        train();
        callback.on_test_begin({});
        EXPECT_EQ(run.weights_now, average);
        callback.on_test_end({});
        EXPECT_EQ(run.weights_now, trained);
        callback.on_epoch_end(epoch, {});
        EXPECT_EQ(run.weights_now, trained);
    }
    callback.on_train_end({});
    EXPECT_EQ(run.weights_now, trained);
    callback.on_predict_begin({});
    EXPECT_EQ(run.weights_now, average);
    callback.on_predict_end({});
    EXPECT_EQ(run.weights_now, trained);
}

TEST_F(SwapEMAWeightsTest, OnEpochsEndsTrainingWithTheAverage) {
    SwapEMAWeights& callback = make<SwapEMAWeights>({.swap_on_epoch = true});
    callback.on_train_begin({});
    for (int epoch = 0; epoch < 2; ++epoch) {
        callback.on_epoch_begin(epoch, {});
        EXPECT_EQ(run.weights_now, trained);
        train();
        callback.on_test_begin({});
        callback.on_test_end({});
        EXPECT_EQ(run.weights_now, trained);
        callback.on_epoch_end(epoch, {});
        EXPECT_EQ(run.weights_now, average);
    }
    callback.on_train_end({});
    EXPECT_EQ(run.weights_now, average);
    EXPECT_TRUE(callback.kept_weights().empty());
    callback.on_train_begin({});  // a second fit goes on from there, as in Keras
    callback.on_epoch_begin(2, {});
    EXPECT_EQ(run.weights_now, average);
}

TEST_F(SwapEMAWeightsTest, ACheckpointOfTheAverageHasTheTrainedWeightsToo) {
    SwapEMAWeights& first = make<SwapEMAWeights>({.swap_on_epoch = true});
    first.on_train_begin({});
    train();
    first.on_epoch_end(0, {});
    const Weights in_the_model = run.weights_now;
    EXPECT_TRUE(first.state().get<bool>("swapped"));
    const auto kept = first.kept_weights();
    ASSERT_TRUE(kept.contains("trained"));

    FakeRun other(path("other"));
    other.weights_now = in_the_model;
    other.averages_now = average;
    SwapEMAWeights second({.swap_on_epoch = true});
    second.attach(&other);
    second.restore(first.state());
    second.restore_kept_weights(kept);
    second.on_train_begin({});
    second.on_epoch_begin(1, {});
    EXPECT_EQ(other.weights_now, trained);
}

TEST_F(SwapEMAWeightsTest, ACheckpointWithinATestGoesOnWithTheAverage) {
    SwapEMAWeights& first = make<SwapEMAWeights>({});
    first.on_train_begin({});
    train();
    first.on_test_begin({});

    FakeRun other(path("other"));
    other.weights_now = run.weights_now;
    other.averages_now = average;
    SwapEMAWeights second({});
    second.attach(&other);
    second.restore(first.state());
    second.restore_kept_weights(first.kept_weights());
    second.on_train_begin({});
    EXPECT_EQ(other.weights_now, average);
    second.on_test_end({});
    EXPECT_EQ(other.weights_now, trained);
}

TEST_F(SwapEMAWeightsTest, ACheckpointOfTheTrainedWeightsKeepsNone) {
    SwapEMAWeights& callback = make<SwapEMAWeights>({});
    callback.on_train_begin({});
    train();
    callback.on_epoch_end(0, {});
    EXPECT_FALSE(callback.state().get<bool>("swapped"));
    EXPECT_TRUE(callback.kept_weights().empty());
    callback.restore(callback.state());
    callback.restore_kept_weights({});
    callback.on_train_begin({});
    EXPECT_EQ(run.weights_now, trained);
}

TEST_F(SwapEMAWeightsTest, WeightsThatNoOptimizerChangesAreNotSwapped) {
    const auto& parameters = run.model().parameters();
    std::vector<bool> is_weight(parameters.size);
    for (const Parameter& parameter : parameters.parameters)
        for (std::size_t i = 0; i < parameter.size; ++i) is_weight[parameter.offset + i] = true;
    ASSERT_NE(std::ranges::count(is_weight, false), 0);  // between weights there is padding
    run.averages_now.assign(parameters.size, 5.0F);
    SwapEMAWeights& callback = make<SwapEMAWeights>({});
    callback.on_test_begin({});
    for (std::size_t i = 0; i < parameters.size; ++i)
        EXPECT_EQ(run.weights_now[i], is_weight[i] ? 5.0F : 0.0F);
}

TEST_F(SwapEMAWeightsTest, NeedsAnAverage) {
    run.averages_now.clear();
    SwapEMAWeights& callback = make<SwapEMAWeights>({});
    EXPECT_TRUE(callback.needs().averaged_weights);
    EXPECT_THAT(error_of<ConfigError>([&] { callback.on_test_begin({}); }), HasSubstr("use_ema = true"));
    EXPECT_THROW(callback.on_predict_begin({}), ConfigError);
    run.averages_now.assign(run.weights_now.size(), 0.0F);
    EXPECT_THAT(error_of<ConfigError>([&] { callback.on_test_begin({}); }),
                HasSubstr("before the first step"));
    EXPECT_EQ(run.weights_now, trained);
}

TEST_F(SwapEMAWeightsTest, ReadsItsKey) {
    const Config keys = Config::from_json(R"({"swap_on_epoch": true})");
    const auto callback = SwapEMAWeights::from_config(keys);
    keys.reject_unknown_keys();
    callback->attach(&run);
    callback->on_epoch_end(0, {});
    EXPECT_EQ(run.weights_now, average);
}

}  // namespace
}  // namespace lockstep
