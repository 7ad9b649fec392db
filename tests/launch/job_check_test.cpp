// What only the whole job can tell: whether its parts go together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/callbacks/builtin.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>

#include "error_of.h"
#include "job_parts.h"
#include "job_text.h"

namespace lockstep {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// As `lockstep check` does.
void check_whole(const std::string& text, const std::vector<std::string>& overrides = {}) {
    register_builtin_callbacks();
    const Job job = job_of(text, overrides);
    check_parts(job, make_parts(job), open_data(job));
}

std::string check(const std::string& text, const std::vector<std::string>& overrides = {}) {
    return error_of<ConfigError>([&] { check_whole(text, overrides); });
}

const std::string kScheduled =
    replaced(kGoodJob, "learning_rate = 0.1",
             "learning_rate = { type = \"cosine_decay\", initial_learning_rate = 0.1, decay_steps = 100 }");

TEST(JobCheck, TakesASchedule) {
    EXPECT_NO_THROW(check_whole(kScheduled));
    const auto optimizer = make_optimizer(job_of(kScheduled).training.optimizer);
    EXPECT_NEAR(optimizer->learning_rate(50), 0.05, 1e-12);
    const Job changed = job_of(kScheduled, {"training.optimizer.learning_rate.initial_learning_rate=0.4"});
    EXPECT_NEAR(make_optimizer(changed.training.optimizer)->learning_rate(50), 0.2, 1e-12);
    EXPECT_NO_THROW(check_whole(kScheduled, {"training.optimizer.learning_rate=0.2"}));
}

TEST(JobCheck, ASchedulesErrorsNameTheLine) {
    EXPECT_THAT(check(replaced(kScheduled, "decay_steps = 100", "decay_steps = 0")),
                AllOf(StartsWith("job.toml:19: training.optimizer.learning_rate"), HasSubstr("decay_steps")));
    EXPECT_THAT(check(replaced(kScheduled, "cosine_decay", "cosine_deacy")),
                AllOf(StartsWith("job.toml:19: training.optimizer.learning_rate"),
                      HasSubstr("did you mean \"cosine_decay\"?")));
}

TEST(JobCheck, AScheduleAloneSetsTheRate) {
    for (const char* callback : {"type = \"reduce_lr_on_plateau\"\nmonitor = \"loss\"",
                                 "type = \"learning_rate_scheduler\"\nschedule = [[0, 0.1]]",
                                 "type = \"learning_rate_warmup\"\ninitial_learning_rate = 0.1"}) {
        const std::string table = std::string("[[callbacks]]\n") + callback + "\n\n[[callbacks]]";
        EXPECT_THAT(check(replaced(kScheduled, "[[callbacks]]", table)),
                    HasSubstr("sets the learning rate, which follows the schedule \"cosine_decay\""));
        EXPECT_NO_THROW(check_whole(replaced(kGoodJob, "[[callbacks]]", table)));
    }
}

TEST(JobCheck, WeightsOfClassesAndMetrics) {
    const std::string text = replaced(kGoodJob, "epochs = 2",
                                      "epochs = 2\nclass_weight = { 0 = 1.5, 7 = 5 }\n"
                                      "weighted_metrics = [\"accuracy\"]");
    EXPECT_NO_THROW(check_whole(text));
    const Job job = job_of(text);
    EXPECT_THAT(job.training.class_weight, ElementsAre(std::pair(0U, 1.5), std::pair(7U, 5.0)));
    EXPECT_EQ(job.training.weighted_metrics.size(), 1U);
    EXPECT_EQ(job_of(text, {"training.class_weight.7=0.5"}).training.class_weight.at(7), 0.5);
    const Job again = read_job(parse_toml(job.to_toml(), "job.toml"), "/run/job.toml");
    EXPECT_EQ(again.training.class_weight, job.training.class_weight);
}

TEST(JobCheck, KnowsTheKeysOfWeightedMetrics) {
    const std::string text =
        replaced(kGoodJob, "epochs = 2", "epochs = 2\nweighted_metrics = [\"accuracy\"]");
    const auto monitoring = [&](const std::string& key) {
        return replaced(
            text, "type = \"csv_logger\"",
            "type = \"early_stopping\"\nmonitor = \"" + key + "\"\n[[callbacks]]\ntype = \"csv_logger\"");
    };
    EXPECT_NO_THROW(check_whole(monitoring("weighted_accuracy")));
    EXPECT_THAT(check(monitoring("weighted_loss")), HasSubstr("loss, accuracy, weighted_accuracy"));
}

TEST(JobCheck, WeightsOfClassesThatThereAreNot) {
    const auto weighted = [](const std::string& weights) {
        return check(replaced(kGoodJob, "epochs = 2", "epochs = 2\nclass_weight = " + weights));
    };
    EXPECT_THAT(weighted("{ 10 = 1.0 }"), AllOf(StartsWith("job.toml:21: training.class_weight"),
                                                HasSubstr("from 0 to 9 in class_weight, got 10")));
    EXPECT_THAT(weighted("{ 1 = -1.0 }"), HasSubstr("at least 0 for class 1 in class_weight, got -1"));
    EXPECT_THAT(weighted("{ cat = 1.0 }"), AllOf(StartsWith("job.toml:21: training.class_weight.cat"),
                                                 HasSubstr("the number of a class")));
    EXPECT_THAT(weighted("{ 1 = \"much\" }"), StartsWith("job.toml:21: training.class_weight.1"));
}

}  // namespace
}  // namespace lockstep
