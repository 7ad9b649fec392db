#include "job_parts.h"

#include <algorithm>

#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/callbacks/run_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>
#include <lockstep/train/callback_checks.h>
#include <lockstep/train/checkpoint.h>
#include <lockstep/train/registry.h>

#include "final_checkpoint.h"

namespace lockstep {
namespace {

template <typename T>
bool is(const std::shared_ptr<Callback>& callback) {
    return dynamic_cast<const T*>(callback.get()) != nullptr;
}

template <typename T>
bool has(const std::vector<std::shared_ptr<Callback>>& callbacks) {
    return std::ranges::any_of(callbacks, is<T>);
}

std::vector<std::shared_ptr<Callback>> make_callbacks(const Job& job) {
    std::vector<std::shared_ptr<Callback>> callbacks;
    for (const Config& config : job.callbacks) callbacks.push_back(callback_registry().make(config));
    if (std::ranges::count_if(callbacks, is<RunLogger>) > 1)
        throw ConfigError("callbacks: run_logger is there twice; it writes the run's one log, so keep one");
    if (!has<RunLogger>(callbacks)) callbacks.push_back(std::make_shared<RunLogger>(RunLogger::Options{}));
    std::ranges::stable_partition(callbacks, is<RunLogger>);  // others add tables to its file
    if (!has<ProgressBar>(callbacks))
        callbacks.push_back(std::make_shared<ProgressBar>(ProgressBar::Options{}));
    callbacks.push_back(std::make_shared<FinalCheckpoint>());
    return callbacks;
}

void check_class_weight(const Job& job, const Sequential& model, const Loss& loss) {
    try {
        const ClassWeights fitting(job.training.class_weight, loss, model.output_shape());
    } catch (const ConfigError& error) {
        job.resolved.at("training").at("class_weight").fail(error.what());
    }
}

}  // namespace

JobParts make_parts(const Job& job) {
    const TrainingSection& training = job.training;
    JobParts parts{.model = build_model(job), .loss = make_loss(training.loss), .callbacks = {}};
    for (const Config& metric : training.metrics) make_metric(metric);
    for (const Config& metric : training.weighted_metrics) make_metric(metric);
    check_class_weight(job, parts.model, *parts.loss);
    make_optimizer(training.optimizer);
    parts.callbacks = make_callbacks(job);
    return parts;
}

Sequential build_model(const Job& job) {
    Sequential model = Sequential::from_config(job.model);
    model.build();
    return model;
}

void check_parts(const Job& job, const JobParts& parts, const JobData& data) {
    const TrainingSection& training = job.training;
    check_shapes(job, data, parts.model, parts.loss.get());
    check_callbacks(parts.callbacks,
                    log_keys(parts.model, training.loss, training.metrics, training.weighted_metrics,
                             data.validation.has_value()),
                    *make_optimizer(training.optimizer));
}

void check_weights(const Job& job, const Sequential& model) {
    if (job.weights.empty()) return;
    std::vector<float> weights(model.parameters().size);
    read_weights(job.weights, model, weights);
}

}  // namespace lockstep
