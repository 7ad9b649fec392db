// The loss of every batch, in training and in validation, kept by a callback; a loss of one's own; and a key
// that may be missing. Hooks run on one rank only, so the lists are there once, on rank 0.
//
//     mpirun -n 2 ./batch_losses
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <lockstep/comm/session.h>
#include <lockstep/nn/losses/row_loss.h>
#include <lockstep/nn/registry.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/trainer.h>

#include "random_labels.h"

using namespace lockstep;

namespace {

/// 1. Keeps a value of every batch. Keras' logs hold running means of the epoch here; batch_logs() has this
/// batch alone. A key that the logs lack becomes NaN.
class BatchLossHistory final : public Callback {
public:
    explicit BatchLossHistory(std::string key) : key_(std::move(key)) {}

    void on_train_begin(const Logs& /*logs*/) override {
        train_losses.clear();
        val_losses.clear();
    }
    void on_train_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) override { keep(train_losses); }
    void on_test_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) override { keep(val_losses); }

    std::vector<double> train_losses, val_losses;

private:
    void keep(std::vector<double>& losses) const {
        losses.push_back(run().batch_logs().get(key_, std::numeric_limits<double>::quiet_NaN()));
    }
    std::string key_;
};

/// 2. A loss of one's own: its value and gradient for one sample.
class MyLoss final : public RowLoss {
public:
    std::string_view type() const override { return "my_loss"; }

private:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override {
        double sum = 0;
        for (std::size_t i = 0; i < output.size(); ++i) {
            const float error = output[i] - target[i];
            sum += double{error} * double{error};
            if (!gradient.empty()) gradient[i] = 2.0F * error;
        }
        return sum;
    }
};

void print(const char* title, const std::vector<double>& losses) {
    fmt::print("{}: [{:.4f}]\n", title, fmt::join(losses, ", "));
}

}  // namespace

int main(int argc, char** argv) {
    Session session(argc, argv);
    register_loss("my_loss", [](const Config&) { return std::make_unique<MyLoss>(); });

    Sequential model = two_class_model();
    // 3. The same figure as a metric, under a name of its own.
    const Config metric = Config::table({{"type", "mse"}, {"name", "my_custom_loss"}});
    Trainer trainer(session, model, {.loss = "my_loss", .metrics = {metric}, .optimizer = "adam"});

    const auto losses = std::make_shared<BatchLossHistory>("loss");
    const auto custom = std::make_shared<BatchLossHistory>("my_custom_loss");
    const auto missing = std::make_shared<BatchLossHistory>("no_such_key");
    trainer.fit(RandomLabels(1).dataset(), {.batch_size = 25,
                                            .epochs = 2,
                                            .validation_data = RandomLabels(2).dataset(),
                                            .callbacks = {losses, custom, missing}});
    if (!session.is_root()) return 0;
    print("Training losses", losses->train_losses);
    print("Validation losses", losses->val_losses);
    print("Training my_custom_loss", custom->train_losses);
    print("Validation my_custom_loss", custom->val_losses);
    print("Training no_such_key", missing->train_losses);
    return 0;
}
