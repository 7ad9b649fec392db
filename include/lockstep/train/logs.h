#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <lockstep/core/matrix_view.h>

namespace lockstep {

/// What a hook is told: name -> value, in the order of Keras: loss, metrics, val_loss, val_ metrics, recorded
/// values. In a batch hook they are running means of the epoch, in an epoch hook those of the whole epoch.
class Logs {
public:
    using Entry = std::pair<std::string, double>;

    bool empty() const { return entries_.empty() && outputs_.empty(); }
    bool contains(std::string_view key) const;
    /// Throws Error naming the keys that there are.
    double at(std::string_view key) const;
    /// The value, or `fallback` if there is none.
    double get(std::string_view key, double fallback) const;
    const std::vector<Entry>& entries() const { return entries_; }
    /// All keys; "outputs" is among them if there are outputs.
    std::vector<std::string> keys() const;

    /// Adds an entry at the end, or replaces its value.
    void set(std::string_view key, double value);
    void clear();

    /// Predictions of the whole batch [samples, outputs], in on_predict_batch_end; not owned, valid during
    /// the hook.
    ConstMatrix outputs() const { return outputs_; }
    void set_outputs(ConstMatrix outputs) { outputs_ = outputs; }

private:
    std::vector<Entry> entries_;
    ConstMatrix outputs_;
};

}  // namespace lockstep
