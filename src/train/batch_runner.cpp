#include "batch_runner.h"

#include <utility>

#include <lockstep/core/stopwatch.h>
#include <lockstep/math/kernels.h>

namespace lockstep {

/// Adds the time of a scope to one of the timings, less what was spent waiting or in scopes within.
class BatchRunner::Clock {
public:
    Clock(BatchRunner& runner, double& total)
        : runner_(runner),
          total_(total),
          outer_(runner.accounted_),
          waited_(runner.engine_.waiter().waited()) {}
    ~Clock() {
        const double within = runner_.accounted_ - outer_;
        const double own = timer_.seconds() - within - (runner_.engine_.waiter().waited() - waited_);
        total_ += own;
        runner_.accounted_ += own;
    }
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;

private:
    BatchRunner& runner_;
    double& total_;
    double outer_, waited_;
    Stopwatch timer_;
};

BatchRunner::BatchRunner(Trainer::State& state, std::uint64_t batch_size, bool training, ClassWeights classes)
    : engine_(state.engine),
      status_(state.session.status()),
      objective_(state.objective),
      plan_(state.plan()),
      workspace_(state.model, engine_.exchange().weights(), plan_.most_rows(batch_size), plan_.most_shards(),
                 training, engine_.batch_sums()),
      classes_(std::move(classes)),
      weights_(classes_.empty() ? 0 : plan_.most_rows(batch_size)),
      map_(static_cast<std::size_t>(engine_.topology().size) + 1),
      await_([this](std::size_t group) { engine_.exchange().await(group); }),
      publish_([this](std::size_t group) {
          if (guarded_ && !non_finite_) look_for_non_finite(group);
          const Clock clock(*this, timing_.exchange);
          engine_.exchange().publish(group);
      }),
      layout_(state.model.parameters()),
      guarded_(state.options.on_nonfinite != NonFinite::ignore) {
    objective_.prepare(state.target_scaling, plan_.most_rows(batch_size));
}

void BatchRunner::begin(const Batch& batch) {
    if (map_samples_ != batch.samples) {
        for (std::size_t rank = 0; rank + 1 < map_.size(); ++rank)
            map_[rank] = static_cast<std::uint32_t>(plan_.shards_of(rank, batch.samples).first);
        map_.back() = static_cast<std::uint32_t>(batch.all_shards);
        map_samples_ = batch.samples;
    }
    engine_.begin(map_, batch.samples);
}

bool BatchRunner::train(const Batch& batch) {
    non_finite_.reset();
    {
        const Clock clock(*this, timing_.compute);
        status_.enter(RankPhase::forward);
        forward(batch, true);
        evaluate(batch, workspace_.output_gradient());
        status_.enter(RankPhase::backward);
        if (!engine_.is_dropped()) workspace_.backward(engine_.exchange().gradients(), await_, publish_);
    }
    status_.enter(RankPhase::exchange);
    const Clock clock(*this, timing_.exchange);
    const bool updated = engine_.finish_update();
    if (!updated) drop();
    return updated;
}

bool BatchRunner::test(const Batch& batch) {
    status_.enter(RankPhase::validation);
    const Clock clock(*this, timing_.compute);
    forward(batch, false);
    evaluate(batch, {});
    const bool kept = engine_.finish_without_update();
    if (!kept) drop();
    return kept;
}

bool BatchRunner::predict(const Batch& batch) {
    status_.enter(RankPhase::forward);
    forward(batch, false);
    objective_.predict(outputs_, true);
    engine_.send_numbers();
    const bool kept = engine_.finish_without_update();
    if (!kept) drop();
    return kept;
}

/// This rank's own gradients, before they are added to those of others.
void BatchRunner::look_for_non_finite(std::size_t group) {
    const ParameterGroup& weights = layout_.groups[group];
    const std::span<const float> gradients = engine_.exchange().gradients();
    if (math::all_finite(gradients.subspan(weights.offset, weights.size))) return;
    for (std::size_t index = 0; index < weights.parameters; ++index) {
        const Parameter& parameter = layout_.parameters[weights.first_parameter + index];
        if (math::all_finite(gradients.subspan(parameter.offset, parameter.size))) continue;
        non_finite_ = weights.first_parameter + index;
        return;
    }
}

void BatchRunner::forward(const Batch& batch, bool training) {
    outputs_ = workspace_.forward(batch.inputs, batch.shards, training, await_);
}

/// What each of this rank's rows counts; empty: all the same.
std::span<const float> BatchRunner::weigh(const Batch& batch) {
    if (classes_.empty()) return batch.weights;
    const auto rows = std::span(weights_).first(batch.targets.rows());
    classes_.weigh(batch.targets, batch.weights, rows);
    return rows;
}

void BatchRunner::evaluate(const Batch& batch, Matrix gradient) {
    const std::span<const float> all = weigh(batch);
    for (std::size_t index = 0; index < batch.shards.size(); ++index) {
        const ShardRows& shard = batch.shards[index];
        if (shard.count == 0) continue;
        const auto weights = all.empty() ? all : all.subspan(shard.first, shard.count);
        objective_.evaluate(outputs_.rows(shard.first, shard.count),
                            batch.targets.rows(shard.first, shard.count), weights,
                            gradient.empty() ? gradient : gradient.rows(shard.first, shard.count),
                            engine_.numbers(batch.first_shard + index));
    }
    if (batch.first_shard == 0 && !batch.shards.empty())
        objective_.add_penalty(engine_.exchange().weights(), batch.samples, engine_.numbers(0));
    engine_.send_numbers();
}

/// What the ranks sent for a dropped attempt is received all the same.
void BatchRunner::drop() {
    if (engine_.is_root()) engine_.collect();
}

RankTiming BatchRunner::take_timing() {
    const double waited = engine_.waiter().waited();
    timing_.wait = waited - std::exchange(waited_, waited);
    return std::exchange(timing_, {});
}

}  // namespace lockstep
