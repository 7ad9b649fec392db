#include <lockstep/nn/layer_weight.h>

namespace lockstep {

LayerWeight::LayerWeight(std::string key, const WeightOptions& options)
    : key_(std::move(key)),
      initializer_(make_initializer(options.initializer)),
      regularizer_(make_regularizer(options.regularizer)),
      constraint_(make_constraint(options.constraint)) {}

WeightSpec LayerWeight::spec(std::string name, Shape shape) const {
    return {.name = std::move(name),
            .shape = std::move(shape),
            .initializer = initializer_,
            .regularizer = regularizer_,
            .constraint = constraint_};
}

void LayerWeight::add_to(Config& table) const {
    table.set(key_ + "_initializer", initializer_->config());
    if (regularizer_) table.set(key_ + "_regularizer", regularizer_->config());
    if (constraint_) table.set(key_ + "_constraint", constraint_->config());
}

WeightOptions read_weight_options(const Config& keys, const std::string& key, const WeightOptions& defaults) {
    return {.initializer = keys.get(key + "_initializer", defaults.initializer),
            .regularizer = keys.get(key + "_regularizer", defaults.regularizer),
            .constraint = keys.get(key + "_constraint", defaults.constraint)};
}

std::vector<TypeHelp::Key> with_weight_help(std::vector<TypeHelp::Key> keys,
                                            const std::vector<WeightHelp>& weights) {
    for (const auto& [key, initializer, symbol] : weights) {
        keys.push_back({key + "_initializer", "\"" + initializer + "\"", "how " + symbol + " starts"});
        keys.push_back({key + "_regularizer", "none", "what " + symbol + " adds to the loss"});
        keys.push_back({key + "_constraint", "none", "what " + symbol + " is held to"});
    }
    return keys;
}

}  // namespace lockstep
