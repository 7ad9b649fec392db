#include <cmath>

#include <gmock/gmock.h>

#include <lockstep/callbacks/gradient_norm_logger.h>

#include "job_keys.h"
#include "run_file_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::FloatEq;
using testing::HasSubstr;
using testing::IsNan;
using testing::Not;

class GradientNormLoggerTest : public RunFileTest {
protected:
    GradientNormLoggerTest() {
        run.weights_now.assign(run.model().parameters().size, 0.0F);
        open_run_file();
    }

    /// `kernel`, `bias`: norms of the gradients.
    void step(GradientNormLogger& logger, double kernel, double bias) {
        run.norms_now = {kernel, bias};
        logger.on_train_batch_begin(run.step_now, {});
        weight("kernel")[0] += 0.5F;
        weight("bias")[0] += 1.0F;
        logger.on_train_batch_end(run.step_now, {});
        ++run.step_now;
    }

    std::span<float> weight(const std::string& name) {
        for (const Parameter& parameter : run.model().parameters().parameters)
            if (parameter.name == name)
                return std::span(run.weights_now).subspan(parameter.offset, parameter.size);
        throw std::out_of_range(name);
    }
};

TEST_F(GradientNormLoggerTest, OneTablePerWeightAndOneForAll) {
    GradientNormLogger& logger = make<GradientNormLogger>({});
    EXPECT_TRUE(logger.needs().gradient_norms);
    logger.on_train_begin({});
    step(logger, 3.0, 4.0);
    const auto first = static_cast<float>(run.gradient_norms().global);
    step(logger, 5.0, 12.0);
    const auto second = static_cast<float>(run.gradient_norms().global);
    close_run_file();
    EXPECT_THAT(column("/gradients/dense/kernel/step"), ElementsAre(0, 1));
    EXPECT_THAT(column("/gradients/dense/kernel/norm"), ElementsAre(3, 5));
    EXPECT_THAT(column("/gradients/dense/bias/norm"), ElementsAre(4, 12));
    EXPECT_THAT(column("/gradients/global/step"), ElementsAre(0, 1));
    EXPECT_THAT(column("/gradients/global/norm"), ElementsAre(first, second));
    EXPECT_THAT(description(), Not(HasSubstr("update_ratio")));
    EXPECT_TRUE(is_sound());
}

TEST_F(GradientNormLoggerTest, EverySoManySteps) {
    GradientNormLogger& logger = make<GradientNormLogger>({.every = 3});
    logger.on_train_begin({});
    run.step_now = 4;  // as after a resume
    for (int i = 0; i < 6; ++i) step(logger, static_cast<double>(run.step_now) + 0.5, 1.0);
    close_run_file();
    EXPECT_THAT(column("/gradients/dense/kernel/step"), ElementsAre(6, 9));
    EXPECT_THAT(column("/gradients/dense/kernel/norm"), ElementsAre(6.5F, 9.5F));
}

TEST_F(GradientNormLoggerTest, UpdateRatioIsTheChangeOverTheWeight) {
    GradientNormLogger& logger = make<GradientNormLogger>({.every = 2, .update_ratio = true});
    logger.on_train_begin({});
    weight("kernel")[0] = 3.0F;
    weight("kernel")[1] = 4.0F;
    for (int i = 0; i < 3; ++i) step(logger, 1.0, 1.0);
    close_run_file();
    // Steps 0 and 2: the kernel is (3, 4), then (4, 4), and changes by (0.5, 0).
    EXPECT_THAT(column("/gradients/dense/kernel/update_ratio"),
                ElementsAre(FloatEq(0.5F / 5.0F), FloatEq(0.5F / std::sqrt(32.0F))));
    EXPECT_THAT(column("/gradients/dense/bias/update_ratio"), ElementsAre(IsNan(), FloatEq(1.0F / 2.0F)));
    EXPECT_TRUE(is_sound());
}

TEST_F(GradientNormLoggerTest, TalksIfAskedTo) {
    GradientNormLogger& logger = make<GradientNormLogger>({.verbose = 1});
    logger.on_train_begin({});
    logger.on_epoch_begin(0, {});
    step(logger, 3.0, 4.0);
    testing::internal::CaptureStderr();
    logger.on_epoch_end(0, {});
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("epoch 1: norm of the gradient"));
    logger.on_epoch_begin(1, {});
    testing::internal::CaptureStderr();
    logger.on_epoch_end(1, {});  // without a step
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(GradientNormLoggerTest, NeedsARunLogger) {
    run.share_run_file(nullptr);
    EXPECT_THROW(make<GradientNormLogger>({}).on_train_begin({}), ConfigError);
}

TEST_F(GradientNormLoggerTest, FromAJobFile) {
    const Config keys = Config::table({{"every", 10}, {"update_ratio", true}, {"verbose", 1}});
    EXPECT_TRUE(made_from_all<GradientNormLogger>(keys));
    EXPECT_THAT(error_of<ConfigError>([] {
                    GradientNormLogger::from_config(Config::table({{"every", 0}}));
                }),
                HasSubstr("gradient_norm_logger: every: expected 1 or more, got 0"));
}

}  // namespace
}  // namespace lockstep
