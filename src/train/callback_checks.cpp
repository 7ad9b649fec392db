#include <algorithm>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/train/callback_checks.h>

#include "callback_name.h"
#include "objective.h"
#include "rate_conflict.h"

namespace lockstep {

namespace {

void require_key(const std::string& key, const std::vector<std::string>& keys) {
    if (std::ranges::find(keys, key) != keys.end()) return;
    throw ConfigError(fmt::format("a callback monitors \"{}\", which this training does not have; it has: {}",
                                  key, fmt::join(keys, ", ")));
}

}  // namespace

std::vector<std::string> log_keys(const Sequential& model, const Config& loss,
                                  const std::vector<Config>& metrics,
                                  const std::vector<Config>& weighted_metrics, bool has_validation) {
    return Objective(model, loss, metrics, weighted_metrics).epoch_keys(has_validation);
}

void check_callbacks(std::span<const std::shared_ptr<Callback>> callbacks,
                     const std::vector<std::string>& keys, const Optimizer& optimizer) {
    for (const auto& callback : callbacks) {
        for (const std::string& key : callback->monitored()) require_key(key, keys);
        const Needs needs = callback->needs();
        if (needs.sets_learning_rate && optimizer.schedule() != nullptr)
            refuse_to_set_rate(callback_name(*callback), *optimizer.schedule());
        if (needs.averaged_weights && !optimizer.options().use_ema)
            throw ConfigError(
                "a callback needs the running average of the weights, which the optimizer does not keep; "
                "give it use_ema = true, for example optimizer = { type = \"adam\", use_ema = true }");
    }
}

}  // namespace lockstep
