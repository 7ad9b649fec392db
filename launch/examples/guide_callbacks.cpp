// The callbacks of Keras' guide "Writing your own callbacks", in C++. Hooks run on one rank only, so that the
// trace is the same on any number of ranks:
//
//     mpirun -n 3 ./guide_callbacks [DIRECTORY WITH MNIST'S IDX FILES]
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/glyph_source.h>
#include <lockstep/data/idx_source.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/trainer.h>

using namespace lockstep;

namespace {

/// The keys as Python prints a list: ['loss', 'mean_absolute_error'].
std::string list_of_keys(const Logs& logs) {
    std::string list;
    for (const std::string& key : logs.keys()) list += (list.empty() ? "'" : ", '") + key + "'";
    return "[" + list + "]";
}

// 1. A callback overrides the hooks that it needs; this one has them all, and says what it is told.
class CustomCallback final : public Callback {
public:
    void on_train_begin(const Logs& logs) override { say("Starting training", logs); }
    void on_train_end(const Logs& logs) override { say("Stop training", logs); }
    void on_epoch_begin(int epoch, const Logs& logs) override {
        say(fmt::format("Start epoch {} of training", epoch), logs);
    }
    void on_epoch_end(int epoch, const Logs& logs) override {
        say(fmt::format("End epoch {} of training", epoch), logs);
    }
    void on_test_begin(const Logs& logs) override { say("Start testing", logs); }
    void on_test_end(const Logs& logs) override { say("Stop testing", logs); }
    void on_predict_begin(const Logs& logs) override { say("Start predicting", logs); }
    void on_predict_end(const Logs& logs) override { say("Stop predicting", logs); }
    void on_train_batch_begin(std::int64_t batch, const Logs& logs) override {
        say_batch("Training: start", batch, logs);
    }
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override {
        say_batch("Training: end", batch, logs);
    }
    void on_test_batch_begin(std::int64_t batch, const Logs& logs) override {
        say_batch("Evaluating: start", batch, logs);
    }
    void on_test_batch_end(std::int64_t batch, const Logs& logs) override {
        say_batch("Evaluating: end", batch, logs);
    }
    void on_predict_batch_begin(std::int64_t batch, const Logs& logs) override {
        say_batch("Predicting: start", batch, logs);
    }
    void on_predict_batch_end(std::int64_t batch, const Logs& logs) override {
        say_batch("Predicting: end", batch, logs);
    }

private:
    static void say(const std::string& what, const Logs& logs) {
        std::cout << what << "; got log keys: " << list_of_keys(logs) << '\n';
    }
    static void say_batch(const std::string& what, std::int64_t batch, const Logs& logs) {
        say(fmt::format("...{} of batch {}", what, batch), logs);
    }
};

// 2. The logs hold running means in a batch hook, and the means of the whole epoch in an epoch hook.
class LossAndErrorPrintingCallback final : public Callback {
public:
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override { say_loss(batch, logs); }
    void on_test_batch_end(std::int64_t batch, const Logs& logs) override { say_loss(batch, logs); }
    void on_epoch_end(int epoch, const Logs& logs) override {
        std::cout << fmt::format(
            "The average loss for epoch {} is {:7.2f} and mean absolute error is {:7.2f}.\n", epoch,
            logs.at("loss"), logs.at("mean_absolute_error"));
    }

private:
    static void say_loss(std::int64_t batch, const Logs& logs) {
        std::cout << fmt::format("Up to batch {}, the average loss is {:7.2f}.\n", batch, logs.at("loss"));
    }
};

// 3. The data: the first 1000 digits for training and 1000 others for tests. The target is the digit as a
// number.
Dataset digits(const std::string& directory, const std::string& part, std::uint64_t stream) {
    constexpr std::uint64_t kSamples = 1000;
    constexpr float kScale = 1.0F / 255.0F;
    if (directory.empty())
        return Dataset(std::make_shared<GlyphSource>(
            GlyphSource::Options{.samples = kSamples, .scale = kScale, .stream = stream}));
    const auto file = [&](const std::string& kind) {
        const std::string name = directory + "/" + part + kind;
        return std::filesystem::exists(name) ? name : name + ".gz";
    };
    const IdxSource::Options files{
        .inputs = file("-images-idx3-ubyte"), .targets = file("-labels-idx1-ubyte"), .scale = kScale};
    return Dataset(std::make_shared<IdxSource>(files)).slice(0, kSamples);
}

// 4. The guide's model: one linear unit that guesses the digit. It is made anew for each callback.
Sequential get_model() {
    Sequential model({28, 28, 1});
    model.add<Flatten>();
    model.add<Dense>({.units = 1});
    return model;
}

const TrainerOptions kCompile{.loss = "mean_squared_error",
                              .metrics = {"mean_absolute_error"},
                              .optimizer = Config::table({{"type", "rmsprop"}, {"learning_rate", 0.1}})};

void trace_all_hooks(Session& session, const Dataset& train, const Dataset& test) {
    Sequential model = get_model();
    Trainer trainer(session, model, kCompile);
    const auto callback = std::make_shared<CustomCallback>();
    trainer.fit(
        train,
        {.batch_size = 128, .epochs = 1, .validation_split = 0.5, .verbose = 0, .callbacks = {callback}});
    trainer.evaluate(test, {.batch_size = 128, .verbose = 0, .callbacks = {callback}});
    trainer.predict(test, {.batch_size = 128, .verbose = 0, .callbacks = {callback}});
}

void print_losses(Session& session, const Dataset& train, const Dataset& test) {
    Sequential model = get_model();
    Trainer trainer(session, model, kCompile);
    const auto callback = std::make_shared<LossAndErrorPrintingCallback>();
    trainer.fit(train, {.batch_size = 128, .epochs = 2, .verbose = 0, .callbacks = {callback}});
    trainer.evaluate(test, {.batch_size = 128, .verbose = 0, .callbacks = {callback}});
}

// 5. Stops when the loss is at its minimum, and goes back to the weights of the best epoch. set_weights() and
// stop_training() take effect on all ranks after the hook.
class EarlyStoppingAtMinLoss final : public Callback {
public:
    explicit EarlyStoppingAtMinLoss(int patience = 0) : patience_(patience) {}

    void on_train_begin(const Logs& /*logs*/) override {
        wait_ = stopped_epoch_ = 0;
        best_ = std::numeric_limits<double>::infinity();
    }
    void on_epoch_end(int epoch, const Logs& logs) override {
        if (logs.at("loss") < best_) {
            best_ = logs.at("loss");
            wait_ = 0;
            best_weights_ = run().get_weights();
        } else if (++wait_ >= patience_) {
            stopped_epoch_ = epoch;
            run().stop_training("the loss is at its minimum");
            std::cout << "Restoring model weights from the end of the best epoch.\n";
            run().set_weights(best_weights_);
        }
    }
    void on_train_end(const Logs& /*logs*/) override {
        if (stopped_epoch_ > 0) std::cout << fmt::format("Epoch {:05}: early stopping\n", stopped_epoch_ + 1);
    }

private:
    int patience_, wait_ = 0, stopped_epoch_ = 0;
    double best_ = 0;
    std::vector<float> best_weights_;
};

// 6. Sets the learning rate at the start of an epoch; every rank uses it from the next step on.
class CustomLearningRateScheduler final : public Callback {
public:
    using Schedule = std::function<double(int epoch, double learning_rate)>;
    explicit CustomLearningRateScheduler(Schedule schedule) : schedule_(std::move(schedule)) {}

    void on_epoch_begin(int epoch, const Logs& /*logs*/) override {
        const double rate = schedule_(epoch, run().learning_rate());
        run().set_learning_rate(rate);
        std::cout << fmt::format("\nEpoch {:05}: Learning rate is {:6.4f}.\n", epoch, rate);
    }

private:
    Schedule schedule_;
};

/// The rates that begin at an epoch; between them the rate stays.
double lr_schedule(int epoch, double learning_rate) {
    static const std::map<int, double> kRates{{3, 0.05}, {6, 0.01}, {9, 0.005}, {12, 0.001}};
    const auto rate = kRates.find(epoch);
    return rate == kRates.end() ? learning_rate : rate->second;
}

/// Five batches of 64 per epoch, as in the guide.
FitOptions guide_fit(int epochs, std::vector<std::shared_ptr<Callback>> callbacks) {
    return {.batch_size = 64,
            .epochs = epochs,
            .steps_per_epoch = 5,
            .verbose = 0,
            .callbacks = std::move(callbacks)};
}

void stop_early(Session& session, const Dataset& train) {
    Sequential model = get_model();
    Trainer trainer(session, model, kCompile);
    trainer.fit(train, guide_fit(30, {std::make_shared<LossAndErrorPrintingCallback>(),
                                      std::make_shared<EarlyStoppingAtMinLoss>()}));
}

void schedule_the_rate(Session& session, const Dataset& train) {
    Sequential model = get_model();
    Trainer trainer(session, model, kCompile);
    trainer.fit(train, guide_fit(15, {std::make_shared<LossAndErrorPrintingCallback>(),
                                      std::make_shared<CustomLearningRateScheduler>(lr_schedule)}));
}

}  // namespace

// 7. fit, evaluate and predict are called by all ranks.
int main(int argc, char** argv) {
    Session session(argc, argv);
    const std::string directory = argc > 1 ? argv[1] : "";
    const Dataset train = digits(directory, "train", 0);
    const Dataset test = digits(directory, "t10k", 1);
    trace_all_hooks(session, train, test);
    print_losses(session, train, test);
    stop_early(session, train);
    schedule_the_rate(session, train);
    return 0;
}
