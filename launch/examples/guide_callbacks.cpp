// The callbacks of Keras' guide "Writing your own callbacks", in C++. Hooks run on one rank only, so that the
// trace is the same on any number of ranks:
//
//     mpirun -n 3 ./guide_callbacks [DIRECTORY WITH MNIST'S IDX FILES]
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <fmt/format.h>

#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/glyph_source.h>
#include <lockstep/data/idx_source.h>
#include <lockstep/nn/dense.h>
#include <lockstep/nn/flatten.h>
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

}  // namespace

// 5. fit, evaluate and predict are called by all ranks.
int main(int argc, char** argv) {
    Session session(argc, argv);
    const std::string directory = argc > 1 ? argv[1] : "";
    const Dataset train = digits(directory, "train", 0);
    const Dataset test = digits(directory, "t10k", 1);
    trace_all_hooks(session, train, test);
    print_losses(session, train, test);
    return 0;
}
