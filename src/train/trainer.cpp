#include <utility>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/data/augmentation_chain.h>
#include <lockstep/train/trainer.h>

#include "adaptation.h"
#include "evaluation.h"
#include "fit_loop.h"
#include "manual_batch.h"
#include "prediction.h"
#include "trainer_state.h"

namespace lockstep {

namespace {

void require(bool holds, const std::string& message) {
    if (!holds) throw ConfigError(message);
}

void check(const FitOptions& options) {
    require(options.batch_size > 0, "fit: batch_size must be at least 1, got 0");
    require(options.epochs >= 0 && options.initial_epoch >= 0,
            "fit: epochs and initial_epoch must not be negative");
    require(options.validation_freq >= 1, "fit: validation_freq must be at least 1");
    require(!options.steps_per_epoch || *options.steps_per_epoch > 0,
            "fit: steps_per_epoch must be at least 1");
    require(!options.validation_steps || *options.validation_steps > 0,
            "fit: validation_steps must be at least 1");
    require(!(options.validation_data && options.validation_split != 0),
            "fit: give validation_data or validation_split, not both");
}

/// The data with `weights` unless these are empty, which they are afterwards.
Dataset with_weights(const Dataset& data, std::vector<float>& weights) {
    return weights.empty() ? data : data.weighted(std::exchange(weights, {}));
}

/// Runs `body`; if it throws, callbacks hear of it before it goes on.
template <typename Body>
auto with_callbacks(CallbackList& hooks, Body&& body) {
    try {
        return body();
    } catch (const std::exception& error) {
        hooks.tell(error);
        throw;
    }
}

void describe_walk(Trainer::State& state, const EvaluateOptions& options, std::int64_t steps,
                   std::uint64_t samples) {
    state.run.params_for_update() = {.epochs = 1,
                                     .initial_epoch = 0,
                                     .steps = steps,
                                     .verbose = options.verbose,
                                     .metrics = state.objective.keys(),
                                     .has_validation = false,
                                     .batch_size = options.batch_size,
                                     .samples = samples};
}

}  // namespace

Trainer::Trainer(Session& session, Sequential& model, TrainerOptions options)
    : state_(std::make_unique<State>(session, model, std::move(options))) {}

Trainer::~Trainer() = default;

void Trainer::adapt(const Dataset& data) {
    state_->run.refuse_in_hook("adapt");
    if (!is_adapted(state_->model)) return;
    std::vector<float> weights = get_weights();
    lockstep::adapt(state_->session, state_->model, data, weights);
    set_weights(weights);
}

History Trainer::fit(const Dataset& data, FitOptions options) {
    state_->run.refuse_in_hook("fit");
    check(options);
    Dataset training = with_weights(data, options.sample_weight);
    if (options.validation_split != 0) {
        Dataset::Parts parts = training.split(options.validation_split);
        training = parts.first;
        options.validation_data = parts.last;
    }
    const AugmentationChain augmentation(options.augmentation, training.input_shape());
    state_->check_data(training, augmentation.output_shape(), true);
    if (options.validation_data)
        state_->check_data(*options.validation_data, options.validation_data->input_shape(), true);
    state_->input_scaling = training.input_scaling();
    state_->target_scaling = training.target_scaling();
    CallbackList hooks = state_->make_callbacks(options.callbacks);
    const std::size_t before = state_->history.epochs().size();
    with_callbacks(hooks, [&] { FitLoop(*state_, training, options.validation_data, options).run(hooks); });
    return state_->history.since(before);
}

Logs Trainer::evaluate(const Dataset& data, EvaluateOptions options) {
    state_->run.refuse_in_hook("evaluate");
    state_->check_data(data, data.input_shape(), true);
    const Dataset weighted = with_weights(data, options.sample_weight);
    if (data.target_scaling()) state_->target_scaling = data.target_scaling();
    CallbackList hooks = state_->make_callbacks(options.callbacks);
    return with_callbacks(hooks, [&] {
        Evaluation evaluation(*state_, weighted, {.batch_size = options.batch_size, .steps = options.steps});
        describe_walk(*state_, options, evaluation.steps(), data.size());
        state_->provide(hooks, data, "test");
        return state_->share(evaluation.run(hooks));
    });
}

Predictions Trainer::predict(const Dataset& data, EvaluateOptions options) {
    state_->run.refuse_in_hook("predict");
    state_->check_data(data, data.input_shape(), false);
    if (data.target_scaling()) state_->target_scaling = data.target_scaling();
    CallbackList hooks = state_->make_callbacks(options.callbacks);
    return with_callbacks(hooks, [&] {
        Prediction prediction(*state_, data, options);
        describe_walk(*state_, options, prediction.steps(), data.size());
        state_->provide(hooks, data, "prediction");
        return prediction.run(hooks);
    });
}

Logs Trainer::train_on_batch(ConstMatrix inputs, ConstMatrix targets, const BatchWeights& weights) {
    state_->run.refuse_in_hook("train_on_batch");
    return ManualBatch(*state_, inputs, targets, weights).train();
}

Logs Trainer::test_on_batch(ConstMatrix inputs, ConstMatrix targets, std::span<const float> sample_weight) {
    state_->run.refuse_in_hook("test_on_batch");
    return ManualBatch(*state_, inputs, targets, {.sample_weight = sample_weight}).test();
}

std::vector<float> Trainer::get_weights() const {
    state_->engine.exchange().await_all();
    const auto weights = state_->engine.exchange().weights();
    return {weights.begin(), weights.end()};
}

void Trainer::set_weights(std::span<const float> weights) {
    state_->run.refuse_in_hook("set_weights");
    const std::size_t expected = state_->model.parameters().size;
    if (weights.size() != expected)
        throw ShapeError(
            fmt::format("set_weights: expected {} values, as model.parameters().size says, got {}", expected,
                        weights.size()));
    state_->engine.install(weights);
}

double Trainer::learning_rate() const {
    return state_->run.learning_rate();
}
void Trainer::set_learning_rate(double rate) {
    state_->run.set_learning_rate(rate);
}
const std::string& Trainer::stop_reason() const {
    return state_->run.stop_reason();
}
StopCause Trainer::stop_cause() const {
    return state_->run.stop_cause();
}
int Trainer::epochs_done() const {
    return state_->position.epochs_done;
}
const RunInfo& Trainer::info() const {
    return state_->run.info();
}

}  // namespace lockstep
