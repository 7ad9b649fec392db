#include <array>
#include <utility>

#include <lockstep/train/probe.h>

namespace lockstep {

Probe::Probe(Sequential& model, std::span<const float> weights, Samples samples, Finish finish)
    : model_(model),
      samples_(std::move(samples)),
      finish_(std::move(finish)),
      workspace_(model, weights, samples_.index.size(), 1, /*training=*/true) {}

ConstMatrix Probe::inputs() const {
    return {samples_.inputs.data(), size(), model_.input_shape().size()};
}

ConstMatrix Probe::targets() const {
    return {samples_.targets.data(), size(), samples_.targets.size() / size()};
}

ConstMatrix Probe::outputs() {
    return activations(model_.layers().size() - 1);
}

ConstMatrix Probe::activations(std::size_t index) {
    if (!known_) run();
    return workspace_.output_of_layer(index);
}

void Probe::run() {
    const std::array<ShardRows, 1> whole{ShardRows{.first = 0, .count = size(), .position = 0}};
    finish_(workspace_.forward(inputs(), whole, /*training=*/false, {}));
    known_ = true;
}

}  // namespace lockstep
