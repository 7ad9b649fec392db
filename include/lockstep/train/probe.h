#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/matrix_view.h>
#include <lockstep/nn/workspace.h>

namespace lockstep {

/// A few fixed samples that callbacks look at again and again, with the weights of the moment: outputs and
/// activations, in inference mode.
class Probe {
public:
    struct Samples {
        std::string data;                 // "validation" or "training"
        std::vector<std::int64_t> index;  // their numbers in it
        std::vector<float> inputs;        // [samples, features], scaled as the model takes them
        std::vector<float> targets;       // [samples, targets], in the user's units; empty if there are none
    };
    /// Makes the outputs of the last layer the model's outputs, in the user's units.
    using Finish = std::function<void(Matrix outputs)>;

    /// `model` is built; it, and `weights`, laid out by model.parameters(), must outlive the probe.
    Probe(Sequential& model, std::span<const float> weights, Samples samples, Finish finish);

    std::size_t size() const { return samples_.index.size(); }
    const Samples& samples() const { return samples_; }
    ConstMatrix inputs() const;   // [size(), features]
    ConstMatrix targets() const;  // [size(), targets]

    /// The model's outputs [size(), outputs], in the user's units. Valid until weights change.
    ConstMatrix outputs();
    /// What layer `index` of model.layers() puts out [size(), its outputs]; of the last layer, outputs().
    ConstMatrix activations(std::size_t index);

    /// The weights may have changed: what is asked for next is computed anew.
    void forget() { known_ = false; }

private:
    void run();

    const Sequential& model_;
    Samples samples_;
    Finish finish_;
    Workspace workspace_;
    bool known_ = false;
};

}  // namespace lockstep
