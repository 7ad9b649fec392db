// A learning rate that follows a schedule: the rate of every step, by formula, over accumulated batches and
// resumed runs, and who may not set it.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/train/callback.h>

#include "directory_mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::uint64_t kBatch = 10;
constexpr int kBatches = 9;  // of an epoch

struct ScheduleCase {
    std::string json;
    double (*rate)(double update);
};

void PrintTo(const ScheduleCase& one, std::ostream* out) {
    *out << one.json;
}

double half_cosine(double part) {
    return 0.5 * (1.0 + std::cos(std::numbers::pi * part));
}

ScheduleCase exponential() {
    return {
        R"({"type": "exponential_decay", "initial_learning_rate": 0.02, "decay_steps": 4, "decay_rate": 0.5})",
        [](double update) { return 0.02 * std::pow(0.5, update / 4.0); }};
}

/// A network of one layer under sgd, whose rate is the schedule.
struct Scheduled {
    Scheduled(Session& session, const std::string& schedule, int accumulation = 1) : model({10}) {
        model.add<Dense>({.units = 1});
        Config optimizer = Config::table({{"type", "sgd"}, {"learning_rate", Config::from_json(schedule)}});
        if (accumulation > 1) optimizer.set("gradient_accumulation_steps", accumulation);
        trainer = std::make_unique<Trainer>(
            session, model, TrainerOptions{.loss = "mse", .optimizer = std::move(optimizer), .seed = 5});
    }

    void fit(const std::shared_ptr<Callback>& watcher, int initial_epoch = 0) {
        trainer->fit(
            ToyRegression::data(kBatch * kBatches),
            {.batch_size = kBatch, .epochs = 2, .initial_epoch = initial_epoch, .callbacks = {watcher}});
    }

    Sequential model;
    std::unique_ptr<Trainer> trainer;
};

/// Notes the rates of steps and epochs, and how far a step differs from -rate * gradient.
class Watcher final : public Callback {
public:
    Needs needs() const override { return {.gradients = true}; }
    void on_train_batch_begin(std::int64_t, const Logs&) override {
        before_ = run().get_weights();
        announced.push_back(run().learning_rate());
    }
    void on_train_batch_end(std::int64_t batch, const Logs&) override {
        used.push_back(run().used_learning_rate());
        const auto weights = run().weights(), gradient = run().gradients();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const double step = static_cast<double>(weights[i]) - static_cast<double>(before_[i]);
            error = std::max(error, std::abs(step + used.back() * static_cast<double>(gradient[i])));
        }
        if (run().epoch() == save_epoch && batch == save_batch) run().request_checkpoint({.path = path});
    }
    void on_epoch_end(int, const Logs&) override { of_epochs.push_back(run().used_learning_rate()); }

    std::vector<double> announced, used, of_epochs;
    double error = 0.0;
    int save_epoch = -1;
    std::int64_t save_batch = -1;
    std::filesystem::path path;

private:
    std::vector<float> before_;
};

class ScheduledRates : public MpiTest, public testing::WithParamInterface<ScheduleCase> {};

TEST_P(ScheduledRates, AreThoseOfTheUpdate) {
    Scheduled toy(*session, GetParam().json);
    auto watcher = std::make_shared<Watcher>();
    toy.fit(watcher);
    EXPECT_NEAR(toy.trainer->learning_rate(), GetParam().rate(2 * kBatches), 1e-12);
    if (rank() != 0) return;
    ASSERT_EQ(watcher->used.size(), 2U * kBatches);
    for (std::size_t step = 0; step < watcher->used.size(); ++step) {
        EXPECT_NEAR(watcher->used[step], GetParam().rate(static_cast<double>(step)), 1e-12) << step;
        EXPECT_EQ(watcher->announced[step], watcher->used[step]) << step;
    }
    EXPECT_LT(watcher->error, 1e-5);
}

INSTANTIATE_TEST_SUITE_P(
    All, ScheduledRates,
    testing::Values(
        exponential(),
        ScheduleCase{
            R"({"type": "inverse_time_decay", "initial_learning_rate": 0.02, "decay_steps": 4, "decay_rate": 0.7})",
            [](double update) { return 0.02 / (1.0 + 0.7 * update / 4.0); }},
        ScheduleCase{
            R"({"type": "piecewise_constant_decay", "boundaries": [3, 8], "values": [0.03, 0.02, 0.01]})",
            [](double update) { return update <= 3.0   ? 0.03
                                       : update <= 8.0 ? 0.02
                                                       : 0.01; }},
        ScheduleCase{
            R"({"type": "polynomial_decay", "initial_learning_rate": 0.02, "decay_steps": 12,
                         "end_learning_rate": 0.001, "power": 2.0})",
            [](double update) { return 0.019 * std::pow(1.0 - std::min(update, 12.0) / 12.0, 2.0) + 0.001; }},
        ScheduleCase{
            R"({"type": "cosine_decay", "initial_learning_rate": 0.01, "decay_steps": 10, "alpha": 0.1,
                         "warmup_target": 0.02, "warmup_steps": 4})",
            [](double update) {
                if (update < 4.0) return 0.01 + 0.01 * update / 4.0;
                return 0.02 * (0.9 * half_cosine(std::min((update - 4.0) / 10.0, 1.0)) + 0.1);
            }},
        ScheduleCase{
            R"({"type": "cosine_decay_restarts", "initial_learning_rate": 0.02, "first_decay_steps": 5,
                         "t_mul": 2.0, "m_mul": 0.5})",
            [](double update) {
                if (update < 5.0) return 0.02 * half_cosine(update / 5.0);
                if (update < 15.0) return 0.01 * half_cosine((update - 5.0) / 10.0);
                return 0.005 * half_cosine((update - 15.0) / 20.0);
            }}));

class Schedules : public DirectoryMpiTest {};

TEST_F(Schedules, CountUpdatesNotBatches) {
    Scheduled toy(*session, exponential().json, 4);
    auto watcher = std::make_shared<Watcher>();
    toy.fit(watcher);
    if (rank() != 0) return;
    ASSERT_EQ(watcher->used.size(), 2U * kBatches);
    for (std::size_t batch = 0; batch < watcher->used.size(); ++batch)
        EXPECT_NEAR(watcher->used[batch], exponential().rate(static_cast<double>(batch / 4)), 1e-12) << batch;
}

class ResumedSchedules : public Schedules, public testing::WithParamInterface<std::tuple<int, int>> {};

TEST_P(ResumedSchedules, GoOn) {
    const int accumulation = std::get<0>(GetParam()), batch = std::get<1>(GetParam());
    Scheduled straight(*session, exponential().json, accumulation),
        resumed(*session, exponential().json, accumulation);
    auto saver = std::make_shared<Watcher>(), watcher = std::make_shared<Watcher>();
    saver->save_epoch = 0;
    saver->save_batch = batch;
    saver->path = directory_ / "within.h5";
    straight.fit(saver);
    resumed.trainer->restore(directory_ / "within.h5");
    resumed.fit(watcher);
    EXPECT_EQ(resumed.trainer->get_weights(), straight.trainer->get_weights());
    EXPECT_EQ(resumed.trainer->learning_rate(), straight.trainer->learning_rate());
    if (rank() != 0) return;
    EXPECT_EQ(watcher->used, std::vector<double>(saver->used.begin() + batch + 1, saver->used.end()));
    EXPECT_EQ(watcher->of_epochs, saver->of_epochs);  // also where no step of the epoch was left
}

INSTANTIATE_TEST_SUITE_P(Batches, ResumedSchedules,
                         testing::Combine(testing::Values(1, 4), testing::Values(0, 5, kBatches - 1)));

/// Sets the rate, and says so beforehand or not.
class Setter final : public Callback {
public:
    explicit Setter(bool declares) : declares_(declares) {}
    Needs needs() const override { return {.sets_learning_rate = declares_}; }
    void on_train_begin(const Logs&) override { began = true; }
    void on_train_batch_end(std::int64_t, const Logs&) override { run().set_learning_rate(0.1); }
    bool began = false;

private:
    bool declares_;
};

TEST_F(Schedules, AreNotOverruledByCallbacks) {
    for (const bool declares : {true, false}) {
        Scheduled toy(*session, exponential().json);
        auto setter = std::make_shared<Setter>(declares);
        EXPECT_THAT([&] { toy.fit(setter); },
                    ThrowsMessage<ConfigError>(AllOf(HasSubstr("Setter sets the learning rate"),
                                                     HasSubstr("\"exponential_decay\""))));
        if (rank() == 0) {
            EXPECT_EQ(setter->began, !declares) << "what is declared is found before training";
        }
    }
}

TEST_F(Schedules, AreNotOverruledByPrograms) {
    Scheduled toy(*session, exponential().json);
    EXPECT_THAT([&] { toy.trainer->set_learning_rate(0.1); },
                ThrowsMessage<ConfigError>(HasSubstr("follows the schedule \"exponential_decay\"")));
    ToyRegression number(*session);
    auto setter = std::make_shared<Setter>(true);
    number.trainer().fit(ToyRegression::data(20), {.batch_size = 10, .callbacks = {setter}});
    EXPECT_EQ(number.trainer().learning_rate(), 0.1);
}

TEST_F(Schedules, AreUsedByTrainOnBatch) {
    Scheduled toy(*session, exponential().json);
    const std::vector<float> x(20 * 10, 0.5F), y(20, 1.0F);
    for (int step = 0; step < 3; ++step) {
        EXPECT_NEAR(toy.trainer->learning_rate(), exponential().rate(step), 1e-12);
        toy.trainer->train_on_batch({x.data(), 20, 10}, {y.data(), 20, 1});
    }
}

}  // namespace
}  // namespace lockstep
