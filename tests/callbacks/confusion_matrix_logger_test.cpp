#include <gmock/gmock.h>

#include <lockstep/callbacks/confusion_matrix_logger.h>

#include "job_keys.h"
#include "run_file_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ConfusionMatrixLoggerTest : public RunFileTest {
protected:
    ConfusionMatrixLoggerTest() {
        run.params_now.has_validation = true;
        open_run_file();
    }

    void epoch(ConfusionMatrixLogger& logger, int number, std::vector<std::int64_t> counts) {
        run.classes_now = counts.empty() ? 0 : 3;
        run.confusion_now = std::move(counts);
        logger.on_epoch_end(number, {});
    }
};

TEST_F(ConfusionMatrixLoggerTest, OneMatrixPerEpochWithValidation) {
    ConfusionMatrixLogger& logger = make<ConfusionMatrixLogger>({});
    EXPECT_TRUE(logger.needs().confusion);
    logger.on_train_begin({});
    epoch(logger, 0, {5, 1, 0, 2, 3, 0, 0, 0, 9});
    epoch(logger, 1, {});  // validation_freq
    epoch(logger, 2, {6, 0, 0, 1, 4, 0, 0, 0, 9});
    close_run_file();
    EXPECT_THAT(column("/confusion/epoch"), ElementsAre(0, 2));
    EXPECT_THAT(extents("/confusion/counts"), ElementsAre(2, 3, 3));
    EXPECT_THAT(column("/confusion/counts"),
                ElementsAre(5, 1, 0, 2, 3, 0, 0, 0, 9, 6, 0, 0, 1, 4, 0, 0, 0, 9));
    EXPECT_THAT(description(), HasSubstr("/confusion/counts  [2, 3, 3] int64"));
    EXPECT_TRUE(is_sound());
}

TEST_F(ConfusionMatrixLoggerTest, EverySoManyEpochs) {
    ConfusionMatrixLogger& logger = make<ConfusionMatrixLogger>({.every = 2});
    logger.on_train_begin({});
    for (int i = 0; i < 5; ++i) epoch(logger, i, {i, 0, 0, 0, 0, 0, 0, 0, 0});
    close_run_file();
    EXPECT_THAT(column("/confusion/epoch"), ElementsAre(0, 2, 4));
    EXPECT_EQ(column("/confusion/counts")[9], 2);
}

TEST_F(ConfusionMatrixLoggerTest, NamesTheWorstMistakeIfAskedTo) {
    ConfusionMatrixLogger& logger = make<ConfusionMatrixLogger>({.verbose = 1});
    logger.on_train_begin({});
    testing::internal::CaptureStderr();
    epoch(logger, 3, {5, 1, 0, 2, 30, 4, 0, 3, 99});
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                HasSubstr("epoch 4: class 1 was taken for 2 in 4 of 36 validation samples"));
    testing::internal::CaptureStderr();
    epoch(logger, 4, {5, 0, 0, 0, 30, 0, 0, 0, 99});
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(ConfusionMatrixLoggerTest, WarnsWithoutValidationData) {
    run.params_now.has_validation = false;
    testing::internal::CaptureStderr();
    make<ConfusionMatrixLogger>({}).on_train_begin({});
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("no validation data"));
}

TEST_F(ConfusionMatrixLoggerTest, FromAJobFile) {
    const Config keys = Config::table({{"every", 2}, {"verbose", true}});
    EXPECT_TRUE(made_from_all<ConfusionMatrixLogger>(keys));
    EXPECT_THROW(ConfusionMatrixLogger({.every = 0}), ConfigError);
    EXPECT_THROW(ConfusionMatrixLogger({.verbose = 2}), ConfigError);
}

}  // namespace
}  // namespace lockstep
