#pragma once

#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/weight_spec.h>

namespace lockstep {

/// What the user of a layer says of one of its weights, each a name or a table with `type`. In a job file
/// these are three keys of the layer: kernel_initializer, kernel_regularizer, kernel_constraint.
struct WeightOptions {
    Config initializer = "zeros";  // see make_initializer()
    Config regularizer = {};       // see make_regularizer(); null: none
    Config constraint = {};        // see make_constraint(); null: none
};

/// A weight that a layer will have, made from what its user says of it.
class LayerWeight {
public:
    /// `key`: what the three keys begin with, "kernel". Throws ConfigError.
    LayerWeight(std::string key, const WeightOptions& options);

    /// The rule is that of a trainable weight.
    WeightSpec spec(std::string name, Shape shape) const;

    /// Adds the keys that make the same weight from a job file.
    void add_to(Config& table) const;

    const std::shared_ptr<const Initializer>& initializer() const { return initializer_; }
    void set_initializer(std::shared_ptr<const Initializer> initializer) {
        initializer_ = std::move(initializer);
    }

private:
    std::string key_;
    std::shared_ptr<const Initializer> initializer_;
    std::shared_ptr<const Regularizer> regularizer_;
    std::shared_ptr<const Constraint> constraint_;
};

/// Reads the three keys of a layer's table.
WeightOptions read_weight_options(const Config& keys, const std::string& key, const WeightOptions& defaults);

/// What `lockstep list layers` says of the three keys.
struct WeightHelp {
    std::string key;
    std::string initializer;  // the default
    std::string symbol;       // what formulas call the weight
};
std::vector<TypeHelp::Key> with_weight_help(std::vector<TypeHelp::Key> keys,
                                            const std::vector<WeightHelp>& weights);

}  // namespace lockstep
