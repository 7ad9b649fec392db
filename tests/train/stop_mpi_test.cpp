// A signal to any rank, or the deadline, stops all ranks at one place; what goes on from there gives the
// bits, the logs and the hooks of training without a stop.
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <limits>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <lockstep/core/stop_signals.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/checkpoint.h>
#include <lockstep/train/recorder.h>

#include "directory_mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kEpochs = 3;

/// Writes down its hooks, but those around training, and acts at one of them, on rank 0.
class Trace final : public Callback {
public:
    explicit Trace(std::string at = "", std::function<void(TrainingRun&)> act = {})
        : at_(std::move(at)), act_(std::move(act)) {}
    Needs needs() const override { return {.confusion = true}; }
    void on_train_begin(const Logs&) override { reach("train_begin"); }
    void on_epoch_begin(int epoch, const Logs&) override { note(fmt::format("epoch_begin {}", epoch)); }
    void on_train_batch_begin(std::int64_t batch, const Logs&) override {
        note(fmt::format("train_batch_begin {}.{}", run().epoch(), batch));
    }
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override {
        record("batch_number", static_cast<double>(batch));
        note(fmt::format("train_batch_end {}.{}", run().epoch(), batch), logs);
    }
    void on_test_begin(const Logs&) override { note(fmt::format("test_begin {}", run().epoch())); }
    void on_test_batch_begin(std::int64_t batch, const Logs&) override {
        note(fmt::format("test_batch_begin {}.{}", run().epoch(), batch));
    }
    void on_test_batch_end(std::int64_t batch, const Logs& logs) override {
        note(fmt::format("test_batch_end {}.{}", run().epoch(), batch), logs);
    }
    void on_test_end(const Logs& logs) override { note(fmt::format("test_end {}", run().epoch()), logs); }
    void on_epoch_end(int epoch, const Logs& logs) override {
        EXPECT_EQ(run().timings().size(), run().info().ranks.size());
        const auto counts = run().confusion().counts;
        lines.push_back(fmt::format("confusion {}", fmt::join(counts.begin(), counts.end(), " ")));
        note(fmt::format("epoch_end {}", epoch), logs);
    }
    void on_train_end(const Logs&) override { cause_at_end = run().stop_cause(); }

    std::vector<std::string> lines;
    StopCause cause_at_end = StopCause::wish;

private:
    void note(const std::string& hook, const Logs& logs = {}) {
        std::string line = fmt::format("{} at {}", hook, run().step());
        for (const auto& [key, value] : logs.entries()) line += fmt::format(" {} {:a}", key, value);
        lines.push_back(std::move(line));
        reach(hook);
    }
    void reach(const std::string& hook) {
        if (hook == at_) act_(run());
    }

    std::string at_;
    std::function<void(TrainingRun&)> act_;
};

/// Raises a signal on one rank when it reads for the `count`-th time.
class RaisingSource final : public Source {
public:
    RaisingSource(GlyphSource::Options glyphs, bool raises, int count)
        : glyphs_(glyphs), left_(raises ? count : -1) {}
    std::uint64_t size() const override { return glyphs_.size(); }
    const Shape& input_shape() const override { return glyphs_.input_shape(); }
    const Shape& target_shape() const override { return glyphs_.target_shape(); }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override {
        glyphs_.read(indices, out);
        if (left_.fetch_sub(1) == 1) std::raise(SIGUSR2);
    }
    std::string describe() const override { return "raising"; }

private:
    GlyphSource glyphs_;
    mutable std::atomic<int> left_;
};

std::vector<double> values(const History& history, const char* key) {
    return history.contains(key) ? history.at(key) : std::vector<double>{};
}

class Stop : public DirectoryMpiTest {
protected:
    Toy make_toy() { return Toy(*session, {.shards = shards(), .directory = directory_.string()}); }
    fs::path checkpoint() const { return directory_ / "checkpoints" / "stopped.h5"; }

    static FitOptions options(std::shared_ptr<Callback> callback, int initial_epoch = 0) {
        FitOptions options{.batch_size = 50,
                           .epochs = kEpochs,
                           .initial_epoch = initial_epoch,
                           .validation_data = Toy::glyphs(60, 1),
                           .validation_batch_size = 20};
        options.callbacks = {std::move(callback)};
        return options;
    }

    /// Training without a stop.
    void train_straight() {
        Toy straight = make_toy();
        const auto trace = std::make_shared<Trace>();
        history_ = straight.trainer().fit(Toy::glyphs(230), options(trace));
        weights_ = straight.trainer().get_weights();
        lines_ = trace->lines;
    }

    /// Goes on after `stopped`, whose hooks are `before`, and expects what train_straight() gave.
    void expect_the_rest(const History& stopped, std::vector<std::string> before) {
        Toy resumed = make_toy();
        resumed.trainer().restore(checkpoint());
        const auto trace = std::make_shared<Trace>();
        const History rest =
            resumed.trainer().fit(Toy::glyphs(230), options(trace, resumed.trainer().epochs_done()));
        EXPECT_EQ(resumed.trainer().stop_cause(), StopCause::wish);
        EXPECT_EQ(resumed.trainer().get_weights(), weights_);
        for (const char* key : {"loss", "accuracy", "val_loss", "val_accuracy", "batch_number"}) {
            std::vector<double> all = values(stopped, key);
            for (const double value : values(rest, key)) all.push_back(value);
            EXPECT_EQ(all, history_.at(key)) << key;
        }
        if (rank() == 0) {
            EXPECT_FALSE(fs::exists(checkpoint())) << "of no use any more";
        }
        before.insert(before.end(), trace->lines.begin(), trace->lines.end());
        EXPECT_EQ(before, lines_);
    }

    History history_;
    std::vector<float> weights_;
    std::vector<std::string> lines_;
};

/// A hook of Trace, and the last one that runs after a signal to rank 0 in it.
struct Hooks {
    const char* signalled;
    const char* last;
};

void PrintTo(const Hooks& hooks, std::ostream* out) {
    *out << hooks.signalled;
}

class StopAtHook : public Stop, public testing::WithParamInterface<Hooks> {
protected:
    History stop(Trace& trace, const std::shared_ptr<Callback>& callback) {
        Toy toy = make_toy();
        const History stopped = toy.trainer().fit(Toy::glyphs(230), options(callback));
        EXPECT_EQ(toy.trainer().stop_cause(), StopCause::request);
        if (rank() == 0) {
            EXPECT_EQ(trace.cause_at_end, StopCause::request);
            EXPECT_THAT(trace.lines.empty() ? "" : trace.lines.back(), testing::StartsWith(GetParam().last));
            EXPECT_EQ(toy.trainer().stop_reason(), fmt::format("SIGUSR1 on rank 0 ({})", session->host()));
            EXPECT_EQ(newest_checkpoint(checkpoint().parent_path()), checkpoint());
        }
        return stopped;
    }

    /// Is asked again before it has done anything.
    void go_on_and_stop_at_once() {
        Toy toy = make_toy();
        toy.trainer().restore(checkpoint());
        const auto trace = std::make_shared<Trace>();
        toy.trainer().fit(Toy::glyphs(230), options(trace, toy.trainer().epochs_done()));
        EXPECT_EQ(toy.trainer().stop_cause(), StopCause::request);
        EXPECT_THAT(trace->lines, testing::IsEmpty());
    }
};

TEST_P(StopAtHook, GoesOnToTheBit) {
    train_straight();
    const auto trace =
        std::make_shared<Trace>(GetParam().signalled, [](TrainingRun&) { std::raise(SIGUSR1); });
    History stopped;
    {
        const StopSignals signals;
        stopped = stop(*trace, trace);
        go_on_and_stop_at_once();
    }
    expect_the_rest(stopped, trace->lines);
}

INSTANTIATE_TEST_SUITE_P(
    Hooks, StopAtHook,
    testing::Values(Hooks{"train_begin", ""}, Hooks{"epoch_begin 1", "train_batch_end 1.0"},
                    Hooks{"train_batch_begin 1.2", "train_batch_end 1.2"},
                    Hooks{"train_batch_end 0.0", "train_batch_end 0.0"},
                    Hooks{"train_batch_end 1.4", "test_begin 1"}, Hooks{"test_begin 1", "test_begin 1"},
                    Hooks{"test_batch_begin 0.1", "test_batch_end 0.1"},
                    Hooks{"test_batch_end 2.0", "test_batch_end 2.0"},
                    Hooks{"test_batch_end 1.2", "epoch_end 1"}, Hooks{"test_end 0", "epoch_end 0"},
                    Hooks{"epoch_end 1", "epoch_end 1"}));

TEST_F(Stop, BeforeTheFirstStepOfAnyRank) {
    for (int raising = 0; raising < size(); ++raising) {
        const StopSignals signals;
        if (rank() == raising) std::raise(SIGINT);
        Toy toy = make_toy();
        toy.trainer().fit(Toy::glyphs(230), options(std::make_shared<Trace>()));
        EXPECT_EQ(toy.trainer().stop_cause(), StopCause::request);
        if (rank() != 0) continue;
        EXPECT_THAT(toy.trainer().stop_reason(),
                    testing::StartsWith(fmt::format("SIGINT on rank {} (", raising)));
        EXPECT_EQ(read_checkpoint_info(checkpoint()).step, 0);
    }
}

TEST_F(Stop, WhenAllIsDoneComesTooLate) {
    const StopSignals signals;
    Toy toy = make_toy();
    const auto trace = std::make_shared<Trace>("epoch_end 2", [](TrainingRun&) { std::raise(SIGTERM); });
    toy.trainer().fit(Toy::glyphs(230), options(trace));
    EXPECT_EQ(toy.trainer().stop_cause(), StopCause::wish);
    EXPECT_FALSE(fs::exists(checkpoint()));
}

/// Where a rank gets a signal: reading training or validation data, for the `count`-th time.
struct Moment {
    bool validation;
    int count;
};

class StopOfAnyRank : public Stop, public testing::WithParamInterface<Moment> {
protected:
    Dataset data(bool validation, int raising_rank) const {
        const bool raises = rank() == raising_rank && validation == GetParam().validation;
        const GlyphSource::Options glyphs{.samples = validation ? 60U : 230U, .stream = validation ? 1U : 0U};
        return Dataset(std::make_shared<RaisingSource>(glyphs, raises, GetParam().count));
    }

    void stop_and_go_on(int raising_rank) {
        const auto trace = std::make_shared<Trace>();
        FitOptions signalled = options(trace);
        signalled.validation_data = data(true, raising_rank);
        Toy toy = make_toy();
        History stopped;
        {
            const StopSignals signals;
            stopped = toy.trainer().fit(data(false, raising_rank), signalled);
        }
        if (toy.trainer().stop_cause() == StopCause::wish) {
            EXPECT_EQ(toy.trainer().get_weights(), weights_);  // it had come to the end
            return;
        }
        EXPECT_EQ(toy.trainer().stop_cause(), StopCause::request);
        if (rank() == 0) {
            EXPECT_THAT(toy.trainer().stop_reason(),
                        testing::StartsWith(fmt::format("SIGUSR2 on rank {} (", raising_rank)));
            if (GetParam().count == 1) {
                EXPECT_EQ(read_checkpoint_info(checkpoint()).epochs_done, 0);  // in that epoch still
            }
        }
        world().barrier();
        expect_the_rest(stopped, trace->lines);
    }
};

TEST_P(StopOfAnyRank, StopsAll) {
    train_straight();
    for (int raising = 0; raising < size(); ++raising) stop_and_go_on(raising);
}

INSTANTIATE_TEST_SUITE_P(Moments, StopOfAnyRank,
                         testing::Values(Moment{false, 1}, Moment{false, 4}, Moment{false, 5},
                                         Moment{false, 8}, Moment{true, 1}, Moment{true, 2}, Moment{true, 5}),
                         [](const auto& moment) {
                             return fmt::format("{}{}", moment.param.validation ? "Validation" : "Training",
                                                moment.param.count);
                         });

TEST_F(Stop, AtADeadlineNeedsNoSignal) {
    train_straight();
    Toy toy = make_toy();
    FitOptions late = options(std::make_shared<Trace>());
    late.deadline = Deadline{.time = std::chrono::system_clock::now(), .reason = "time is up"};
    const History none = toy.trainer().fit(Toy::glyphs(230), late);
    EXPECT_EQ(toy.trainer().stop_cause(), StopCause::request);
    if (rank() == 0) {
        EXPECT_EQ(toy.trainer().stop_reason(), "time is up");
        EXPECT_EQ(read_checkpoint_info(checkpoint()).step, 0);
    }
    world().barrier();
    expect_the_rest(none, {});
}

TEST_F(Stop, BeforeADeadlineThereIsNone) {
    Toy toy = make_toy();
    FitOptions early = options(std::make_shared<Trace>());
    early.deadline = Deadline{.time = std::chrono::system_clock::now() + std::chrono::hours(1)};
    toy.trainer().fit(Toy::glyphs(230), early);
    EXPECT_EQ(toy.trainer().stop_cause(), StopCause::wish);
}

TEST_F(Stop, InTheLastValidationOfAStoppedTrainingIsContinuedThereOnly) {
    const auto enough = [](TrainingRun& run) {
        run.stop_training("enough");
        std::raise(SIGUSR1);
    };
    Toy toy = make_toy();
    {
        const StopSignals signals;
        toy.trainer().fit(Toy::glyphs(230), options(std::make_shared<Trace>("train_batch_end 1.1", enough)));
    }
    EXPECT_EQ(toy.trainer().stop_cause(), StopCause::request);
    Toy resumed = make_toy();
    resumed.trainer().restore(checkpoint());
    const auto trace = std::make_shared<Trace>();
    const History rest = resumed.trainer().fit(Toy::glyphs(230), options(trace, 1));
    EXPECT_EQ(resumed.trainer().get_weights(), toy.trainer().get_weights());
    EXPECT_EQ(rest.epochs(), std::vector<std::int64_t>{1});
    EXPECT_TRUE(rest.contains("val_loss"));
    if (rank() != 0) return;
    EXPECT_EQ(resumed.trainer().stop_reason(), "enough");
    EXPECT_EQ(trace->lines.front(), "test_batch_begin 1.0 at 6");
}

TEST_F(Stop, OfWeightsThatAreNotFiniteLeavesNoCheckpoint) {
    const auto spoil = [](TrainingRun& run) {
        run.set_weights(
            std::vector<float>(run.model().parameters().size, std::numeric_limits<float>::quiet_NaN()));
        std::raise(SIGUSR1);
    };
    const StopSignals signals;
    Toy toy = make_toy();
    toy.trainer().fit(Toy::glyphs(230), options(std::make_shared<Trace>("train_batch_end 0.1", spoil)));
    EXPECT_EQ(toy.trainer().stop_cause(), StopCause::diverged);
    EXPECT_FALSE(fs::exists(checkpoint()));
}

}  // namespace
}  // namespace lockstep
