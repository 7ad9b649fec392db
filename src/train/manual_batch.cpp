#include "manual_batch.h"

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "non_finite_guard.h"

namespace lockstep {

ManualBatch::ManualBatch(Trainer::State& state, ConstMatrix inputs, ConstMatrix targets,
                         const BatchWeights& weights)
    : state_(state), classes_(weights.class_weight, state.objective.loss(), state.model.output_shape()) {
    const std::size_t features = state.model.input_shape().size(),
                      outputs = state.objective.target_shape().size();
    if (inputs.rows() == 0 || inputs.rows() != targets.rows() || inputs.columns() != features ||
        targets.columns() != outputs)
        throw ShapeError(fmt::format(
            "a batch of inputs [{}, {}] and targets [{}, {}]: expected inputs [n, {}] and targets [n, {}]",
            inputs.rows(), inputs.columns(), targets.rows(), targets.columns(), features, outputs));
    if (!weights.sample_weight.empty() && weights.sample_weight.size() != inputs.rows())
        throw ShapeError(fmt::format("a batch of {} samples: expected as many sample weights, got {}",
                                     inputs.rows(), weights.sample_weight.size()));
    const BatchPlan plan = state.plan();
    const auto mine = plan.mine(0, inputs.rows(), shards_);
    batch_.samples = inputs.rows();
    batch_.inputs = inputs.rows(mine.first, mine.count);
    batch_.targets = targets.rows(mine.first, mine.count);
    if (!weights.sample_weight.empty())
        batch_.weights = weights.sample_weight.subspan(mine.first, mine.count);
    batch_.shards = shards_;
    batch_.all_shards = plan.shards(inputs.rows());
    batch_.first_shard = plan.shards_of(static_cast<std::size_t>(state.session.rank()), inputs.rows()).first;
}

Logs ManualBatch::train() {
    Logs logs = attempt(true);
    ++state_.position.step;
    state_.position.pass_batch = 0;
    ++state_.position.pass;  // each batch is a pass of its own, so that no two see the same dropout
    return logs;
}

Logs ManualBatch::test() {
    return attempt(false);
}

Logs ManualBatch::attempt(bool training) {
    BatchRunner runner(state_, batch_.samples, training, classes_);
    runner.begin_pass(state_.options.seed, state_.position.pass);
    runner.begin(batch_);
    if (state_.is_root()) state_.engine.publish({.learning_rate = state_.run.learning_rate()});
    training ? runner.train(batch_) : runner.test(batch_);
    if (training) NonFiniteGuard(state_).look(runner);
    Logs logs;
    if (state_.is_root()) state_.objective.write(state_.engine.collect(), logs);
    return state_.share(logs);
}

}  // namespace lockstep
