#include "replica_guard.h"

namespace lockstep {

ReplicaGuard::ReplicaGuard(Trainer::State& state) : state_(state) {
    const Exchange& exchange = state.engine.exchange();
    arrays_.push_back({.name = "", .values = exchange.weights()});
    for (const std::string& name : state.engine.rule().array_names())
        arrays_.push_back({.name = name, .values = exchange.array(arrays_.size() - 1)});
}

void ReplicaGuard::look() const {
    const std::int64_t every = state_.options.check_replicas, step = state_.position.step;
    const Topology& topology = state_.engine.topology();
    if (every == 0 || step % every != 0 || topology.nodes() == 1) return;
    state_.engine.exchange().await_all();
    check_replicas(state_.session.world(), topology.is_leader(), state_.model.parameters(), arrays_, step);
}

}  // namespace lockstep
