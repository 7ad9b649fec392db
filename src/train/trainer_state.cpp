#include "trainer_state.h"

#include <algorithm>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>

#include "probe_samples.h"
#include "rank_places.h"
#include "rank_report.h"

namespace lockstep {

namespace {

Sequential& built(Sequential& model) {
    model.build();
    return model;
}

TrainerOptions settled(TrainerOptions wishes, int ranks) {
    if (wishes.elastic) wishes.shards = elastic_shards(wishes.shards, ranks);
    return wishes;
}

constexpr std::size_t kLeastForStatistics = 8;  // samples of a shard whose statistics count

/// Throws ConfigError unless the shards can be spread over the ranks and do not depend on them where that
/// would change what is learnt.
Session& checked(Session& session, const Sequential& model, const TrainerOptions& options) {
    check_shards(options.shards, session.size());
    if (options.shards == 0 && !options.elastic && session.size() > 1 && model.has_shard_statistics())
        throw ConfigError(
            fmt::format("the model has layers with statistics of each shard (batch_normalization): expected "
                        "training.shards, or what is learnt would depend on the number of ranks; for example "
                        "shards = {}, or sync = true in the layer",
                        session.size()));
    return session;
}

/// Throws ConfigError if a step that was not finite has left its traces before it can be skipped.
const Optimizer& checked(const Optimizer& optimizer, NonFinite policy) {
    const bool leaves_traces = optimizer.needs_norms() || optimizer.options().gradient_accumulation_steps > 1;
    if (policy == NonFinite::skip && leaves_traces)
        throw ConfigError(
            "on_nonfinite = \"skip\" does not go with gradient_accumulation_steps, nor with lamb and lars: "
            "what they keep from a step is changed before the whole gradient is known; use \"stop\"");
    return optimizer;
}

StepEngine::Options engine_options(const TrainerOptions& options, const Objective& objective, int ranks) {
    return {.most_shards = options.shards != 0 ? options.shards : static_cast<std::size_t>(ranks),
            .numbers_per_shard = objective.numbers(),
            .exchange = options.exchange,
            .guarded = options.on_nonfinite != NonFinite::ignore};
}

}  // namespace

Trainer::State::State(Session& owner, Sequential& sequential, TrainerOptions wishes)
    : session(owner),
      model(built(sequential)),
      options(settled(std::move(wishes), owner.size())),
      optimizer(make_optimizer(options.optimizer)),
      objective(model, options.loss, options.metrics, options.weighted_metrics),
      engine(checked(owner, model, options), model, checked(*optimizer, options.on_nonfinite),
             engine_options(options, objective, owner.size())),
      run(model, *optimizer, engine, options.directory, options.notes) {
    run.info_for_update() = {.world_size = session.size(),
                             .nodes = session.topology().nodes(),
                             .seed = options.seed,
                             .shards = options.shards,
                             .exchange = engine.shares_memory() ? "shared" : "private",
                             .ranks = gather_rank_places(session)};
    engine.write_store([this] {
        model.initialize(engine.exchange().weights(), options.seed);
        begin_average();
    });
}

/// Before the first update the average of the weights is the weights.
void Trainer::State::begin_average() {
    if (const auto average = engine.rule().average())
        std::ranges::copy(engine.exchange().weights(), engine.exchange().array(*average).begin());
}

BatchPlan Trainer::State::plan() const {
    return BatchPlan(options.shards, static_cast<std::size_t>(session.rank()),
                     static_cast<std::size_t>(session.size()),
                     model.has_shard_statistics() ? kLeastForStatistics : 1);
}

CallbackList Trainer::State::make_callbacks(const std::vector<std::shared_ptr<Callback>>& callbacks) {
    run.forget_wishes();
    stop_requests.reset();
    suspended = false;
    return {callbacks, run, session.status(), is_root(),
            [this](const CheckpointRequest& request, const CallbackList& hooks) {
                write_checkpoint(run.output_path(request.path), request.weights_only, &hooks);
            }};
}

void Trainer::State::provide(const CallbackList& hooks, const Dataset& probed, const std::string& name) {
    const Needs needs = session.world().broadcast_value(hooks.needs());
    engine.exchange().measure_norms(needs.gradient_norms);
    engine.exchange().keep_gradients(needs.gradients);
    if (needs.confusion) run.confusion_for_update() = ConfusionMatrix(model.output_shape().size());
    std::unique_ptr<Probe> probe;
    session.together([&] {
        if (is_root() && needs.probe_samples > 0) probe = make_probe(needs.probe_samples, probed, name);
    });
    run.declare(needs, std::move(probe));
}

/// Rank 0 alone looks at the samples: it has all weights, and the others need not wait.
std::unique_ptr<Probe> Trainer::State::make_probe(std::size_t samples, const Dataset& data,
                                                  const std::string& name) {
    check_data(data, data.input_shape(), false);  // it may only fit the model with augmentation
    return std::make_unique<Probe>(model, engine.exchange().weights(),
                                   read_probe_samples(data, samples, name),
                                   [this](Matrix outputs) { objective.predict(outputs, true); });
}

void Trainer::State::check_data(const Dataset& data, const Shape& inputs, bool with_targets) const {
    if (inputs.size() != model.input_shape().size())
        throw ShapeError(fmt::format(
            "{}: the samples have shape {}{}, the model takes {}", data.describe(), inputs.to_string(),
            inputs == data.input_shape() ? "" : " after augmentation", model.input_shape().to_string()));
    if (!with_targets) return;
    if (!data.has_targets()) throw DataError(data.describe() + ": there are no targets to compare with");
    if (data.target_shape().size() != objective.target_shape().size())
        throw ShapeError(
            fmt::format("{}: the targets have shape {}, the loss \"{}\" on outputs of shape {} takes {}",
                        data.describe(), data.target_shape().to_string(),
                        options.loss.is_string() ? options.loss.as<std::string>() : "loss",
                        model.output_shape().to_string(), objective.target_shape().to_string()));
}

/// A training that diverged has nothing to go on with.
bool Trainer::State::is_asked_to_stop() {
    return is_root() && stop_requests && run.stop_cause() != StopCause::diverged && stop_requests->is_asked();
}

void Trainer::State::hear_stop_signals() {
    if (stop_requests) stop_requests->hear(engine.stop_signal());
}

StepControl Trainer::State::decide(const CallbackList& hooks, StepControl::Action wish) const {
    using Action = StepControl::Action;
    StepControl control{.action = wish, .learning_rate = run.learning_rate()};
    if (hooks.has_failed())
        control.action = Action::failed;
    else if (wish == Action::proceed && run.has_staged_weights())
        control.action = Action::weights_changed;
    return control;
}

bool Trainer::State::resolve_drop(CallbackList& hooks) {
    switch (engine.control().action) {
        case StepControl::Action::failed:
            throw_together(hooks);
        case StepControl::Action::suspend:
            suspended = true;
            return false;
        case StepControl::Action::stop:
            return false;
        case StepControl::Action::weights_changed:
            engine.install(is_root() ? run.take_staged_weights() : std::vector<float>{});
            return true;
        case StepControl::Action::proceed:
            break;
    }
    return true;
}

void Trainer::State::settle(CallbackList& hooks) {
    struct Settlement {
        bool failed, weights, stops;
        StopCause cause;
        double learning_rate;
    };
    const Settlement all = session.world().broadcast_value(Settlement{
        hooks.has_failed(), run.has_staged_weights(), run.stops(), run.stop_cause(), run.learning_rate()});
    if (all.failed) throw_together(hooks);
    if (all.weights) engine.install(is_root() ? run.take_staged_weights() : std::vector<float>{});
    if (all.stops) run.stop_training("", all.cause);
    run.follow_learning_rate(all.learning_rate);
}

Logs Trainer::State::share(const Logs& logs) const {
    return logs_from_text(session.world().broadcast(to_text(logs)));
}

/// Every rank throws what a hook threw on rank 0.
void Trainer::State::throw_together(CallbackList& hooks) {
    std::string text;
    ExitCode code = ExitCode::failure;
    try {
        if (is_root()) std::rethrow_exception(hooks.failure());
    } catch (const Error& error) {
        text = error.what();
        code = error.exit_code();
    } catch (const std::exception& error) {
        text = error.what();
    } catch (...) {
        text = "a callback threw something that is no exception";
    }
    text = session.world().broadcast(text);
    code = session.world().broadcast_value(code);
    if (is_root()) std::rethrow_exception(hooks.failure());
    throw_error(text, code);
}

}  // namespace lockstep
