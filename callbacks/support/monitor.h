#pragma once

#include <string>

namespace lockstep {

/// What callbacks with `monitor`, `mode` and `min_delta` share: which of two values of a key is better.
///
/// Mode "auto" goes by the name: less is better of what ends in "loss" and of errors (mae, mse, ...,
/// crossentropy, hinge, divergence); more is better of accuracies, precision, recall, top_k, auc, f1 and r2.
class Monitor {
public:
    /// `callback`: who asks, for messages. Throws ConfigError if the key is empty, the mode is unknown or
    /// "auto" does not know the name, or min_delta is negative or not finite.
    Monitor(std::string key, const std::string& mode, double min_delta = 0.0,
            const std::string& callback = "monitor");

    const std::string& key() const { return key_; }
    bool is_lower_better() const { return is_lower_better_; }

    /// By more than min_delta, as in Keras: value + min_delta < than. NaN is never better, and nothing is
    /// better than NaN.
    bool is_better(double value, double than) const;
    /// What every finite value is better than: infinity of the one sign or the other.
    double worst() const;

private:
    std::string key_;
    double min_delta_;
    bool is_lower_better_;
};

}  // namespace lockstep
