#include "support/save_schedule.h"

#include <chrono>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SaveSchedule, CountsFromOneOverTheWholeTraining) {
    const SaveSchedule batches(Batches{3}, "test");
    const SaveSchedule epochs(Epochs{2}, "test");
    std::vector<std::int64_t> steps, ends;
    for (int i = 0; i < 7; ++i) {
        if (batches.is_due_after_batch(i)) steps.push_back(i);
        if (epochs.is_due_after_epoch(i)) ends.push_back(i);
        EXPECT_FALSE(batches.is_due_after_epoch(i));
        EXPECT_FALSE(epochs.is_due_after_batch(i));
    }
    EXPECT_THAT(steps, ElementsAre(2, 5));
    EXPECT_THAT(ends, ElementsAre(1, 3, 5));
}

TEST(SaveSchedule, ATimeIsDueAtAnyEnd) {
    SaveSchedule schedule(std::chrono::hours{2}, "test");
    EXPECT_FALSE(schedule.is_due_after_batch(0));
    EXPECT_FALSE(schedule.is_due_after_epoch(0));
    schedule.resume(2 * 3600.0);
    EXPECT_TRUE(schedule.is_due_after_batch(0));
    EXPECT_TRUE(schedule.is_due_after_epoch(0));
    EXPECT_GE(schedule.seconds(), 2 * 3600.0);
    schedule.restart();
    EXPECT_FALSE(schedule.is_due_after_batch(1));
    EXPECT_LT(schedule.seconds(), 3600.0);
}

TEST(SaveSchedule, NeverIsAnError) {
    for (const SaveFreq& freq :
         {SaveFreq(Epochs{0}), SaveFreq(Batches{-1}), SaveFreq(std::chrono::seconds{0})})
        EXPECT_THAT(error_of<ConfigError>([&] { SaveSchedule(freq, "test"); }),
                    HasSubstr("test: save_freq: expected"));
}

TEST(SaveFreq, IsReadFromJobFiles) {
    const auto read = [](const char* json) { return read_save_freq(Config::from_json(json), Epochs{7}); };
    using Seconds = std::chrono::duration<double>;
    EXPECT_EQ(std::get<Epochs>(read("{}")).count, 7);
    EXPECT_EQ(std::get<Epochs>(read(R"({"save_freq": "epoch"})")).count, 1);
    EXPECT_EQ(std::get<Epochs>(read(R"({"save_freq": "5 epochs"})")).count, 5);
    EXPECT_EQ(std::get<Batches>(read(R"({"save_freq": 100})")).count, 100);
    EXPECT_EQ(std::get<Seconds>(read(R"({"save_freq": "10m"})")), std::chrono::minutes{10});
    EXPECT_EQ(std::get<Seconds>(read(R"({"save_freq": "1.5h"})")), std::chrono::minutes{90});
    for (const char* json : {R"({"save_freq": false})", R"({"save_freq": "10"})", R"({"save_freq": "never"})",
                             R"({"save_freq": 0.5})", R"({"save_freq": "5 epochs or so"})"})
        EXPECT_THROW(read(json), ConfigError) << json;
}

}  // namespace
}  // namespace lockstep
