#include <gmock/gmock.h>

#include <lockstep/callbacks/activation_logger.h>

#include "job_keys.h"
#include "probe_test.h"

namespace lockstep {
namespace {

using ActivationLoggerTest = ProbeTest;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(ActivationLoggerTest, OneRowPerEpochForTheSameSamples) {
    ActivationLogger& logger = make<ActivationLogger>({.layers = {"dense"}, .samples = 2, .every = 2});
    EXPECT_EQ(logger.needs().probe_samples, 2U);
    look_at({10, 11, 12}, {1, 0, 0, 1, 5, 5}, {});
    logger.on_train_begin({});
    for (int epoch = 0; epoch < 4; ++epoch) {
        set_weights(static_cast<float>(epoch), 1, 0.5F);
        logger.on_epoch_end(epoch, {});
    }
    close_run_file();
    EXPECT_THAT(column("/activations/dense/epoch"), ElementsAre(0, 2));
    EXPECT_THAT(column("/activations/dense/index"), ElementsAre(10, 11, 10, 11));
    EXPECT_THAT(extents("/activations/dense/values"), ElementsAre(2, 2, 1));
    EXPECT_THAT(column("/activations/dense/values"), ElementsAre(1, 3, 5, 3));
    EXPECT_THAT(description(), HasSubstr("numbers of the samples in the validation data"));
    EXPECT_TRUE(is_sound());
}

TEST_F(ActivationLoggerTest, NamesTheNearestLayer) {
    look_at({0}, {1, 1}, {});
    const auto begin = [&](const std::string& layer) {
        return error_of<ConfigError>([&] { make<ActivationLogger>({.layers = {layer}}).on_train_begin({}); });
    };
    EXPECT_THAT(begin("dnese"), HasSubstr("no layer \"dnese\"; did you mean \"dense\"?"));
    EXPECT_THAT(begin("convolution"), HasSubstr("known: dense"));
}

TEST_F(ActivationLoggerTest, FromAJobFile) {
    const Config keys =
        Config::table({{"layers", Config::array({"dense", "dense_1"})}, {"samples", 8}, {"every", 2}});
    EXPECT_EQ(made_from_all<ActivationLogger>(keys)->needs().probe_samples, 8U);
    EXPECT_TRUE(ActivationLogger::from_config(Config::table({{"layers", "dense"}})));
    EXPECT_THAT(error_of<ConfigError>([] { ActivationLogger::from_config(Config::table()); }),
                HasSubstr("layers"));
    EXPECT_THROW(ActivationLogger({}), ConfigError);
    EXPECT_THROW(ActivationLogger({.layers = {"a", "a"}}), ConfigError);
    EXPECT_THROW(ActivationLogger({.layers = {"a"}, .samples = 0}), ConfigError);
}

}  // namespace
}  // namespace lockstep
