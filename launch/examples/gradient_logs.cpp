// Log lines from callbacks: loss and accuracy of each epoch, and how long the gradient of each weight is, in
// every batch. A GradientNormLogger keeps the same norms as numbers, in run.h5.
//
//     mpirun -n 2 ./gradient_logs [DIRECTORY]
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/callbacks/gradient_norm_logger.h>
#include <lockstep/callbacks/lambda_callback.h>
#include <lockstep/callbacks/run_logger.h>
#include <lockstep/comm/session.h>
#include <lockstep/log/identity.h>
#include <lockstep/log/log.h>
#include <lockstep/log/setup.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/trainer.h>

#include "random_labels.h"

using namespace lockstep;

namespace {

/// 1. Lines go to a file: hooks run on rank 0, so they are in logs/rank-0000.log. Each has time and level.
void set_up_log(const Session& session, const std::string& directory) {
    log::Identity identity = log::early_identity();
    identity.rank = session.rank();
    identity.size = session.size();
    log::Options options;
    options.files = true;
    options.directory = directory + "/logs";
    options.quiet = true;  // the screen shows warnings only
    log::configure(options, identity);
}

/// 2. Norms are computed for those only that ask for them, on all ranks: of the mean gradient of the whole
/// batch, before clipping.
class GradientLines final : public Callback {
public:
    Needs needs() const override { return {.gradient_norms = true}; }

    void on_train_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) override {
        const std::vector<Parameter>& weights = run().model().parameters().parameters;
        const GradientNorms norms = run().gradient_norms();
        for (std::size_t i = 0; i < weights.size(); ++i)
            log::info("Layer: {}, Gradient Norm: {:.4f}", weights[i].path(), norms.weights[i]);
    }
};

/// 3. What is too small for a class.
std::shared_ptr<Callback> epoch_lines() {
    return std::make_shared<LambdaCallback>(
        LambdaCallback::Options{.on_epoch_end = [](int epoch, const Logs& logs, TrainingRun& /*run*/) {
            log::info("Epoch: {}, Loss: {:.4f}, Accuracy: {:.4f}", epoch, logs.at("loss"),
                      100 * logs.at("accuracy"));
        }});
}

}  // namespace

int main(int argc, char** argv) {
    Session session(argc, argv);
    const std::string directory = argc > 1 ? argv[1] : ".";
    set_up_log(session, directory);
    Sequential model = two_class_model();
    Trainer trainer(session, model,
                    {.loss = "binary_crossentropy",
                     .metrics = {"accuracy"},
                     .optimizer = Config::table({{"type", "adam"}, {"learning_rate", 0.001}}),
                     .directory = directory});
    // 4. Tables /gradients/<layer>/<weight> and /gradients/global in run.h5, which a RunLogger opens first.
    const auto run_log = std::make_shared<RunLogger>(RunLogger::Options{});
    const auto norms = std::make_shared<GradientNormLogger>(GradientNormLogger::Options{});
    trainer.fit(RandomLabels().dataset(),
                {.batch_size = 25,
                 .epochs = 10,
                 .callbacks = {run_log, norms, std::make_shared<GradientLines>(), epoch_lines()}});
    return 0;
}
