#include "trainer_state.h"

#include <cstdlib>
#include <sstream>

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <lockstep/core/error.h>
#include <lockstep/math/blas.h>
#include <lockstep/nn/registry.h>

#include "rank_report.h"

namespace lockstep {

namespace {

Sequential& built(Sequential& model) {
    model.build();
    return model;
}

void check_shards(std::size_t shards, int ranks) {
    if (shards == 0 || shards % static_cast<std::size_t>(ranks) == 0) return;
    std::string divisors;
    for (std::size_t count = 1; count <= shards; ++count)
        if (shards % count == 0) divisors += (divisors.empty() ? "" : ", ") + std::to_string(count);
    throw ConfigError(fmt::format(
        "training.shards = {} cannot be spread evenly over {} ranks; numbers of ranks that can: {}", shards,
        ranks, divisors));
}

std::int64_t cores_of_this_process() {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    return sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 0;
}

StepEngine::Options engine_options(const TrainerOptions& options, const Objective& objective, int ranks) {
    return {.most_shards = options.shards != 0 ? options.shards : static_cast<std::size_t>(ranks),
            .numbers_per_shard = objective.numbers(),
            .exchange = options.exchange};
}

}  // namespace

Trainer::State::State(Session& owner, Sequential& sequential, TrainerOptions wishes)
    : session(owner),
      model(built(sequential)),
      options(std::move(wishes)),
      optimizer(make_optimizer(options.optimizer)),
      objective(model, options.loss, options.metrics),
      engine((check_shards(options.shards, owner.size()), owner), model, *optimizer,
             engine_options(options, objective, owner.size())),
      run(model, engine, options.directory, options.notes) {
    run.follow_learning_rate(optimizer->options().learning_rate);
    run.info_for_update() = gather_info();
    engine.write_store([this] { model.initialize(engine.exchange().weights(), options.seed); });
}

RunInfo Trainer::State::gather_info() const {
    RunInfo info{.world_size = session.size(),
                 .nodes = session.topology().nodes(),
                 .seed = options.seed,
                 .shards = options.shards,
                 .exchange = engine.shares_memory() ? "shared" : "private",
                 .ranks = {}};
    const std::string mine =
        fmt::format("{} {} {} {}", session.host(), getpid(), cores_of_this_process(), math::blas_core());
    for (const std::string& text : session.world().all_gather(mine)) {
        std::istringstream in(text);
        RankPlace& place = info.ranks.emplace_back();
        in >> place.host >> place.pid >> place.cores >> place.blas_core;
    }
    return info;
}

BatchPlan Trainer::State::plan() const {
    return BatchPlan(options.shards, static_cast<std::size_t>(session.rank()),
                     static_cast<std::size_t>(session.size()));
}

CallbackList Trainer::State::make_callbacks(const std::vector<std::shared_ptr<Callback>>& callbacks) {
    run.forget_wishes();
    return {callbacks, run, is_root(), [this](const CheckpointRequest& request, const Config& states) {
                write_checkpoint(run.output_path(request.path), request.weights_only, states);
            }};
}

void Trainer::State::check_data(const Dataset& data, bool with_targets) const {
    if (data.input_shape() != model.input_shape() && data.input_shape().size() != model.input_shape().size())
        throw ShapeError(fmt::format("{}: the samples have shape {}, the model takes {}", data.describe(),
                                     data.input_shape().to_string(), model.input_shape().to_string()));
    if (!with_targets) return;
    if (!data.has_targets()) throw DataError(data.describe() + ": there are no targets to compare with");
    if (data.target_shape().size() != objective.target_shape().size())
        throw ShapeError(
            fmt::format("{}: the targets have shape {}, the loss \"{}\" on outputs of shape {} takes {}",
                        data.describe(), data.target_shape().to_string(),
                        options.loss.is_string() ? options.loss.as<std::string>() : "loss",
                        model.output_shape().to_string(), objective.target_shape().to_string()));
}

StepControl Trainer::State::decide(const CallbackList& hooks, bool stops) const {
    using Action = StepControl::Action;
    StepControl control{.action = Action::proceed, .learning_rate = run.learning_rate()};
    if (hooks.has_failed())
        control.action = Action::failed;
    else if (stops)
        control.action = Action::stop;
    else if (run.has_staged_weights())
        control.action = Action::weights_changed;
    return control;
}

bool Trainer::State::resolve_drop(CallbackList& hooks) {
    switch (engine.control().action) {
        case StepControl::Action::failed:
            throw_together(hooks);
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
        double learning_rate;
    };
    const Settlement all = session.world().broadcast_value(
        Settlement{hooks.has_failed(), run.has_staged_weights(), run.stops(), run.learning_rate()});
    if (all.failed) throw_together(hooks);
    if (all.weights) engine.install(is_root() ? run.take_staged_weights() : std::vector<float>{});
    if (all.stops) run.stop_training("");
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
