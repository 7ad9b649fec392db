// What logging costs a training step: an MLP 784-128-10 with batches of 128, with loggers and without, in
// turn.
//
//     mpirun -n 2 logging_bench [PAIRS [DIRECTORY]]
//
// For every kind of logger: the median of the pairs' ratios of time per step, and the upper end of its 95 %
// confidence interval (by order statistics, which assumes nothing of the distribution).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/callbacks/gradient_norm_logger.h>
#include <lockstep/callbacks/json_logger.h>
#include <lockstep/callbacks/run_logger.h>
#include <lockstep/callbacks/tensorboard.h>
#include <lockstep/comm/session.h>
#include <lockstep/core/random.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/data/array_source.h>
#include <lockstep/data/dataset.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/train/trainer.h>

namespace {

using namespace lockstep;

using Callbacks = std::vector<std::shared_ptr<Callback>>;

constexpr std::size_t kFeatures = 784, kClasses = 10, kBatch = 128, kBatches = 469;  // as MNIST
constexpr int kEpochs = 1;

/// Time from the first batch to the end of the last epoch, without opening and closing files.
class StepClock final : public Callback {
public:
    void on_epoch_begin(int epoch, const Logs& /*logs*/) override {
        if (epoch == 0) watch_.restart();
    }
    void on_epoch_end(int /*epoch*/, const Logs& /*logs*/) override { seconds = watch_.seconds(); }

    double seconds = 0;

private:
    Stopwatch watch_;
};

Dataset random_samples() {
    const RandomStream random(1, Purpose::synthetic_data);
    std::vector<float> inputs(kBatch * kBatches * kFeatures), labels(kBatch * kBatches);
    random.uniform(0, 0, inputs);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<float>(i % kClasses);
    return Dataset(std::make_shared<ArraySource>(
        ArraySource::Options{.inputs = inputs, .targets = labels, .input_shape = {kFeatures}}));
}

/// One side of a comparison.
class Run {
public:
    explicit Run(Session& session) : model_({kFeatures}) {
        model_.add<Dense>({.units = 128, .activation = "relu"});
        model_.add<Dense>({.units = kClasses, .activation = "softmax"});
        trainer_ = std::make_unique<Trainer>(
            session, model_,
            TrainerOptions{
                .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}, .optimizer = "sgd"});
    }

    /// Seconds of a fit, on rank 0.
    double fit(const Dataset& data, Callbacks callbacks) {
        const auto clock = std::make_shared<StepClock>();
        callbacks.push_back(clock);
        trainer_->fit(data, {.batch_size = kBatch, .epochs = kEpochs, .callbacks = std::move(callbacks)});
        return clock->seconds;
    }

private:
    Sequential model_;
    std::unique_ptr<Trainer> trainer_;
};

struct Estimate {
    double median, upper;
};

/// The upper end is the smallest order statistic above the median with 97.5 % (normal approximation of the
/// sign test).
Estimate estimate(std::vector<double> ratios) {
    std::ranges::sort(ratios);
    const auto count = static_cast<double>(ratios.size());
    const auto rank = static_cast<std::size_t>(std::ceil(count / 2 + 0.98 * std::sqrt(count)));
    return {ratios[ratios.size() / 2], ratios[std::min(rank, ratios.size() - 1)]};
}

/// A fit without loggers and one with, alternately.
Estimate compare(Session& session, const Dataset& data, int pairs,
                 const std::function<Callbacks()>& loggers) {
    Run run(session);
    run.fit(data, {});
    std::vector<double> ratios;
    for (int pair = 0; pair < pairs; ++pair) {
        const double without = run.fit(data, {});
        ratios.push_back(run.fit(data, loggers()) / without);
    }
    return estimate(std::move(ratios));
}

void print(Session& session, const char* title, const Estimate& ratio) {
    if (session.is_root())
        std::printf("%-42s %6.3f  (95 %%: below %.3f)\n", title, ratio.median, ratio.upper);
}

}  // namespace

int main(int argc, char** argv) {
    Session session(argc, argv);
    const int pairs = argc > 1 ? std::atoi(argv[1]) : 20;
    const std::filesystem::path directory = std::filesystem::absolute(argc > 2 ? argv[2] : "logging_bench");
    const Dataset data = random_samples();
    const auto path = [&](const char* name) { return directory / name; };

    const auto csv = [&](CsvLogger::Per per) {
        return std::make_shared<CsvLogger>(CsvLogger::Options{.path = path("log.csv"), .per = per});
    };
    const auto json = [&](JsonLogger::Per per) {
        return std::make_shared<JsonLogger>(JsonLogger::Options{.path = path("log.jsonl"), .per = per});
    };
    const auto run_log = [&](bool batches) {
        return std::make_shared<RunLogger>(RunLogger::Options{.path = path("run.h5"), .batches = batches});
    };
    const auto board = [&](std::optional<int> update_freq) {
        return std::make_shared<TensorBoard>(
            TensorBoard::Options{.log_dir = path("tensorboard"), .update_freq = update_freq});
    };
    const auto measure = [&](const char* title, const std::function<Callbacks()>& loggers) {
        print(session, title, compare(session, data, pairs, loggers));
    };

    if (session.is_root()) std::printf("time per step, with loggers / without, %d pairs\n", pairs);
    measure("none (noise)", [&] { return Callbacks{}; });
    measure("per epoch: run log, CSV, JSON, TensorBoard", [&] {
        return Callbacks{run_log(false), csv(CsvLogger::Per::epoch), json(JsonLogger::Per::epoch), board({})};
    });
    measure("per batch: run log", [&] { return Callbacks{run_log(true)}; });
    measure("per batch: CSV", [&] { return Callbacks{csv(CsvLogger::Per::batch)}; });
    measure("per batch: JSON lines", [&] { return Callbacks{json(JsonLogger::Per::batch)}; });
    measure("per batch: TensorBoard", [&] { return Callbacks{board(1)}; });
    measure("per batch: all four", [&] {
        return Callbacks{run_log(true), csv(CsvLogger::Per::batch), json(JsonLogger::Per::batch), board(1)};
    });
    measure("gradient norms of every batch", [&] {
        return Callbacks{run_log(false), std::make_shared<GradientNormLogger>(GradientNormLogger::Options{})};
    });
    return 0;
}
