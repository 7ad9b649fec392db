#pragma once

#include <string>
#include <vector>

#include <lockstep/nn/registry.h>

namespace metric_value {

/// What a metric says of `rows` samples, in one update.
inline double of(lockstep::Metric& metric, std::size_t rows, const std::vector<float>& outputs,
                 const std::vector<float>& targets, const std::vector<float>& weights = {}) {
    const std::size_t columns = outputs.size() / rows;
    const std::size_t target_columns = targets.size() / rows;
    metric.build({columns}, {target_columns});
    std::vector<double> state(metric.state_size(), 0.0);
    metric.update({outputs.data(), rows, columns}, {targets.data(), rows, target_columns}, weights, state);
    return metric.result(state);
}

inline double of(const lockstep::Config& config, std::size_t rows, const std::vector<float>& outputs,
                 const std::vector<float>& targets, const std::vector<float>& weights = {}) {
    return of(*lockstep::make_metric(config), rows, outputs, targets, weights);
}

/// A metric with one key.
inline lockstep::Config with(const char* type, const std::string& key, const lockstep::Config& value) {
    return lockstep::Config::table({{"type", type}, {key, value}});
}

}  // namespace metric_value
