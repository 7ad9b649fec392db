#include "callback_list.h"

#include <algorithm>
#include <map>

#include "callback_name.h"

namespace lockstep {

CallbackList::CallbackList(std::vector<std::shared_ptr<Callback>> callbacks, RunState& run,
                           RankStatus& status, bool runs_here, Save save)
    : callbacks_(std::move(callbacks)),
      run_(run),
      status_(status),
      runs_here_(runs_here),
      save_(std::move(save)) {
    for (const auto& callback : callbacks_) {
        names_.push_back(callback_name(*callback));
        callback->attach(&run_);
    }
}

CallbackList::~CallbackList() {
    for (const auto& callback : callbacks_) callback->attach(nullptr);
}

Needs CallbackList::needs() const {
    Needs all;
    for (const auto& callback : callbacks_) {
        const Needs needs = callback->needs();
        all.gradient_norms |= needs.gradient_norms;
        all.gradients |= needs.gradients;
        all.confusion |= needs.confusion;
        all.averaged_weights |= needs.averaged_weights;
        all.sets_learning_rate |= needs.sets_learning_rate;
        all.probe_samples = std::max(all.probe_samples, needs.probe_samples);
    }
    return all;
}

void CallbackList::tell(const std::exception& error) noexcept {
    if (!runs_here_) return;
    const PhaseScope scope(status_, RankPhase::hook, "on_exception");
    for (const auto& callback : callbacks_) callback->on_exception(error);
}

std::vector<std::pair<std::string, Callback*>> CallbackList::named() const {
    std::map<std::string, int> seen;
    std::vector<std::pair<std::string, Callback*>> all;
    for (std::size_t index = 0; index < callbacks_.size(); ++index) {
        const std::string& type = names_[index];
        all.emplace_back(type + "#" + std::to_string(seen[type]++), callbacks_[index].get());
    }
    return all;
}

void CallbackList::freeze_states() {
    if (!runs_here_ || failure_) return;
    try {
        frozen_ = states();
    } catch (...) {
        failure_ = std::current_exception();
    }
}

CallbackStates CallbackList::states() const {
    if (frozen_) return *frozen_;
    CallbackStates states;
    for (const auto& [name, callback] : named()) {
        if (const Config state = callback->state(); !state.is_null()) states.values.set(name, state);
        if (auto weights = callback->kept_weights(); !weights.empty())
            states.weights[name] = std::move(weights);
    }
    return states;
}

void CallbackList::restore(const CallbackStates& states) {
    for (const auto& [name, callback] : named()) {
        if (const Config state = states.values.find(name); !state.is_null()) callback->restore(state);
        if (const auto weights = states.weights.find(name); weights != states.weights.end())
            callback->restore_kept_weights(weights->second);
    }
}

}  // namespace lockstep
