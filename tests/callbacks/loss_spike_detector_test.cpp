#include <algorithm>
#include <limits>
#include <sstream>
#include <vector>

#include <gmock/gmock.h>

#include <lockstep/callbacks/loss_spike_detector.h>
#include <lockstep/log/setup.h>

#include "fake_run.h"
#include "job_keys.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr auto refusal = refusal_of<LossSpikeDetector>;

class LossSpikeDetectorTest : public CallbackTest {
protected:
    /// The steps, from 0, that were spikes. Epochs have 4 batches.
    std::vector<int> watch(LossSpikeDetector& detector, const std::vector<double>& losses, int first = 0) {
        std::vector<int> spikes;
        detector.on_train_begin({});
        for (int step = first; step < static_cast<int>(losses.size()); ++step) {
            const std::int64_t before = detector.spikes();
            run.step_now = step;
            run.epoch_now = step / 4;
            run.batch_logs_now = make_logs({{"loss", losses[static_cast<std::size_t>(step)]}});
            detector.on_train_batch_end(step % 4, make_logs({{"loss", 77.0}}));
            if (detector.spikes() > before) spikes.push_back(step);
        }
        return spikes;
    }
    std::vector<int> spikes_of(LossSpikeDetector::Options options, const std::vector<double>& losses) {
        testing::internal::CaptureStderr();
        LossSpikeDetector& detector = make<LossSpikeDetector>(options);
        std::vector<int> spikes = watch(detector, losses);
        detector.on_train_end({});
        log::flush();
        said = testing::internal::GetCapturedStderr();
        return spikes;
    }

    std::string said;
};

// By default 2 means above the mean.
TEST_F(LossSpikeDetectorTest, FindsWhatIsFarAboveTheMean) {
    EXPECT_THAT(spikes_of({}, {1, 1, 3, 1}), ElementsAre(2));
    EXPECT_THAT(spikes_of({}, {1, 1, 2.875, 1}), IsEmpty());
    EXPECT_THAT(spikes_of({}, {4, 0.0625, 1, 4}), IsEmpty());  // a drop is none
    EXPECT_THAT(spikes_of({.rtol = 0.5}, {4, 4, 6, 5.5}), ElementsAre(2));
}

TEST_F(LossSpikeDetectorTest, MeanIsOfTheLastValues) {
    EXPECT_THAT(spikes_of({.window = 2}, {9, 9, 1, 1, 3}), ElementsAre(4));
    EXPECT_THAT(spikes_of({.window = 3}, {9, 9, 1, 1, 3}), IsEmpty());
    EXPECT_THAT(spikes_of({.window = 4}, {1, 2, 3, 2, 6}), ElementsAre(4));  // the mean is 2
}

TEST_F(LossSpikeDetectorTest, BothTolerancesMustBeExceeded) {
    EXPECT_THAT(spikes_of({.atol = 4}, {1, 5}), ElementsAre(1));
    EXPECT_THAT(spikes_of({.atol = 4}, {1, 4.5}), IsEmpty());
    EXPECT_THAT(spikes_of({.atol = 4}, {4, 10}), IsEmpty());
    EXPECT_THAT(spikes_of({.atol = 4, .rtol = 0}, {4, 7.5, 10}), ElementsAre(2));
    EXPECT_THAT(spikes_of({.rtol = 2}, {-1, 0.5, 1}), ElementsAre(2));  // of the mean's absolute value
}

TEST_F(LossSpikeDetectorTest, SpikesDoNotEnterTheMean) {
    EXPECT_THAT(spikes_of({}, {1, 9, 1, 3, 1, 100}), ElementsAre(1, 3, 5));
}

TEST_F(LossSpikeDetectorTest, AWindowOfSpikesIsANewLevel) {
    EXPECT_THAT(spikes_of({.window = 3}, {1, 9, 9, 9, 9, 9, 1, 27}), ElementsAre(1, 2, 3, 7));
    EXPECT_THAT(spikes_of({.window = 3}, {1, 9, 9, 1, 9, 9, 9}), ElementsAre(1, 2, 4, 5, 6));
}

TEST_F(LossSpikeDetectorTest, WarmupBatchesAreNoSpikes) {
    EXPECT_THAT(spikes_of({.warmup = 3}, {1, 9, 1, 99, 1}), ElementsAre(3));
    EXPECT_THAT(spikes_of({.warmup = 0}, {9, 1, 99}), ElementsAre(2));  // nothing to compare the first with
    EXPECT_THAT(spikes_of({.warmup = 6}, {1, 1, 1, 1, 9, 1, 99}), ElementsAre(6));  // not anew in an epoch
}

TEST_F(LossSpikeDetectorTest, ValuesThatAreNotFiniteAreSpikesIfAskedFor) {
    EXPECT_THAT(spikes_of({}, {1, kNaN, 1, kInfinity, -kInfinity, 3}), ElementsAre(1, 3, 4, 5));
    EXPECT_THAT(spikes_of({.finite_only = false}, {1, kNaN, 1, kInfinity, 1, 3}), ElementsAre(5));
    EXPECT_THAT(spikes_of({}, {kNaN, kNaN, 1, 3}), ElementsAre(1, 3));
}

TEST_F(LossSpikeDetectorTest, OtherKeysAndDirections) {
    LossSpikeDetector& detector = make<LossSpikeDetector>({.monitor = "accuracy", .rtol = 0.5});
    detector.on_train_begin({});
    for (const double accuracy : {0.75, 0.75, 2.0, 0.25}) {
        run.batch_logs_now = make_logs({{"loss", 1.0}, {"accuracy", accuracy}});
        detector.on_train_batch_end(0, {});
    }
    EXPECT_EQ(detector.spikes(), 1);
    EXPECT_THAT(detector.monitored(), ElementsAre("accuracy"));
}

TEST_F(LossSpikeDetectorTest, WarnsSoManyTimesThenCounts) {
    spikes_of({.max_warnings = 2}, {1, 9, 1, 8, 1, 7, 1, 6});
    EXPECT_THAT(said, HasSubstr("loss_spike_detector: loss is 9 in batch 2 of epoch 1, after a mean of 1"));
    EXPECT_THAT(said, HasSubstr("loss is 8 in batch 4 of epoch 1"));
    EXPECT_THAT(said, testing::Not(HasSubstr("loss is 7")));
    EXPECT_THAT(said, HasSubstr("4 spikes in all, of which 2 were shown"));
    spikes_of({}, {1, 9, 1, 8});
    EXPECT_THAT(said, testing::Not(HasSubstr("in all")));
}

TEST_F(LossSpikeDetectorTest, StopsIfAskedTo) {
    spikes_of({}, {1, 9});
    EXPECT_FALSE(run.stopped);
    spikes_of({.action = "stop"}, {1, 1, 1, 1, 1, 9});
    EXPECT_TRUE(run.stopped);
    EXPECT_EQ(run.stop_cause(), StopCause::wish);
    EXPECT_THAT(run.stop_reason(), HasSubstr("loss is 9 in batch 2 of epoch 2"));
    spikes_of({.action = "stop"}, {1, kNaN});
    EXPECT_EQ(run.stop_cause(), StopCause::diverged);
}

TEST_F(LossSpikeDetectorTest, KeepsAListOfSpikes) {
    spikes_of({.path = "logs/spikes.jsonl"}, {1, 1, 1, 1, 1, 9, kNaN});
    std::istringstream text(text_of("logs/spikes.jsonl"));
    std::vector<Config> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(Config::from_json(line));
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_THAT(lines[0].keys(), ElementsAre("epoch", "batch", "step", "loss", "mean"));
    EXPECT_EQ(lines[0],
              Config::table({{"epoch", 1}, {"batch", 1}, {"step", 5}, {"loss", 9.0}, {"mean", 1.0}}));
    EXPECT_EQ(lines[1].get<std::string>("loss"), "NaN");
}

TEST_F(LossSpikeDetectorTest, ResumeCutsTheListAtTheCheckpoint) {
    const LossSpikeDetector::Options options{.path = "spikes.jsonl"};
    LossSpikeDetector& first = make<LossSpikeDetector>(options);
    watch(first, {1, 9});
    const Config state = Config::from_json(first.state().to_json());
    run.batch_logs_now = make_logs({{"loss", 99}});
    first.on_train_batch_end(3, {});
    first.on_train_end({});

    LossSpikeDetector& second = make<LossSpikeDetector>(options);
    second.restore(state);
    watch(second, {1, 9, 8}, 2);
    second.on_train_end({});
    const std::string text = text_of("spikes.jsonl");
    EXPECT_THAT(text, HasSubstr("\"step\":1"));
    EXPECT_THAT(text, HasSubstr("\"step\":2"));
    EXPECT_EQ(std::ranges::count(text, '\n'), 2);
    EXPECT_EQ(second.spikes(), 2);
}

TEST_F(LossSpikeDetectorTest, ResumedAnywhereItFindsTheSame) {
    const LossSpikeDetector::Options options{.window = 3, .warmup = 2, .max_warnings = 0};
    const std::vector<double> losses{1, 9, kNaN, 2, 99, 1, 12, 12, 12, 12, 36, 12};
    // Means: 5 at 2 and 3; 4 at 4 and 5; 4 at 6 to 8, after which a new level begins; 12 at 10.
    const std::vector<int> whole{2, 4, 6, 7, 8, 10};
    for (std::size_t cut = 0; cut <= losses.size(); ++cut) {
        LossSpikeDetector& first = make<LossSpikeDetector>(options);
        std::vector<int> spikes =
            watch(first, {losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(cut)});
        LossSpikeDetector& second = make<LossSpikeDetector>(options);
        second.restore(Config::from_json(first.state().to_json()));
        for (const int spike : watch(second, losses, static_cast<int>(cut))) spikes.push_back(spike);
        EXPECT_EQ(spikes, whole) << cut;
        EXPECT_EQ(second.spikes(), 6) << cut;
    }
}

TEST_F(LossSpikeDetectorTest, SecondTrainingForgetsTheFirst) {
    LossSpikeDetector& detector = make<LossSpikeDetector>({.max_warnings = 0});
    EXPECT_THAT(watch(detector, {1, 9}), ElementsAre(1));
    EXPECT_THAT(watch(detector, {9, 9}), IsEmpty());
    EXPECT_EQ(detector.spikes(), 0);
}

TEST_F(LossSpikeDetectorTest, ReadsItsKeys) {
    const Config keys = Config::from_json(
        R"({"monitor": "score", "mode": "max", "window": 2, "warmup": 0, "atol": 1, "rtol": 0, "finite_only": false,
            "action": "stop", "path": "s.jsonl", "max_warnings": 0})");
    const auto made = made_from_all<LossSpikeDetector>(keys);
    made->attach(&run);
    made->on_train_begin({});
    // Worse by more than 1, back, passed over, worse by less than 1.
    std::vector<bool> stops;
    for (const double score : {9.0, 4.0, 9.0, kNaN, 8.25}) {
        run.batch_logs_now = make_logs({{"score", score}});
        run.stopped = false;
        made->on_train_batch_end(0, {});
        stops.push_back(run.stopped);
    }
    EXPECT_THAT(stops, ElementsAre(false, true, false, false, false));
    made->on_train_end({});
    EXPECT_THAT(text_of("s.jsonl"), HasSubstr("\"score\":4"));
}

TEST_F(LossSpikeDetectorTest, SaysWhatItRefuses) {
    EXPECT_THAT(refusal(R"({"window": 0})"), HasSubstr("job: loss_spike_detector: window"));
    EXPECT_THAT(refusal(R"({"warmup": -1})"), HasSubstr("loss_spike_detector: warmup"));
    EXPECT_THAT(refusal(R"({"atol": -1})"), HasSubstr("atol"));
    EXPECT_THAT(refusal(R"({"rtol": -1})"), HasSubstr("rtol"));
    EXPECT_THAT(refusal(R"({"rtol": 0})"), HasSubstr("expected atol or rtol above 0"));
    EXPECT_THAT(refusal(R"({"max_warnings": -1})"), HasSubstr("max_warnings"));
    EXPECT_THAT(refusal(R"({"action": "raise"})"), HasSubstr("got \"raise\""));
    EXPECT_THAT(refusal(R"({"monitor": "val_loss"})"), HasSubstr("a key of training batches"));
    EXPECT_THAT(refusal(R"({"monitor": "score"})"), HasSubstr("mode"));
    EXPECT_THAT(refusal(R"({"exclude_batches_path": "x"})"), HasSubstr("spikes.jsonl"));
}

}  // namespace
}  // namespace lockstep
