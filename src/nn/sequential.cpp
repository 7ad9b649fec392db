#include <algorithm>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/sequential.h>

namespace lockstep {
namespace {

constexpr std::size_t kAlignment = kCacheLine / sizeof(float);

std::size_t aligned(std::size_t elements) {
    return (elements + kAlignment - 1) / kAlignment * kAlignment;
}

/// Appends the weights of a layer, as a group of their own.
void append_group(ParameterLayout& layout, const Sequential::Entry& entry, std::size_t layer) {
    const std::vector<WeightSpec> specs = entry.layer->weights();
    if (specs.empty()) return;
    const std::size_t first = layout.size;
    layout.groups.push_back({layer, layout.parameters.size(), specs.size(), first, 0});
    for (const WeightSpec& spec : specs) {
        layout.parameters.push_back({spec, entry.name, layout.size, spec.shape.size()});
        layout.size += aligned(spec.shape.size());
    }
    layout.groups.back().size = layout.size - first;
}

}  // namespace

Sequential::Sequential(Shape input) : input_(std::move(input)) {
    if (std::ranges::find(input_.extents(), 0U) != input_.extents().end())
        throw ShapeError("model input: expected extents of at least 1, got " + input_.to_string());
}

Sequential& Sequential::add(std::unique_ptr<Layer> layer, std::string name) {
    if (built_) throw ConfigError("a layer cannot be added to a model that is built");
    layers_.add(std::move(layer), std::move(name));
    return *this;
}

void Sequential::build() {
    if (built_) return;
    if (std::ranges::all_of(layers(), [](const Entry& entry) { return entry.layer->is_view(); }))
        throw ConfigError("the model has no layer that computes anything; add one, such as dense");
    layers_.build(input_);
    output_activation_ = layers().back().layer->release_activation();
    layout_ = {};
    for (std::size_t layer = 0; layer < layers().size(); ++layer)
        append_group(layout_, layers()[layer], layer);
    built_ = true;
}

const Shape& Sequential::output_shape() const {
    return layers_.empty() ? input_ : layers().back().output;
}

void Sequential::initialize(std::span<float> store, std::uint64_t seed) const {
    std::ranges::fill(store, 0.0F);
    for (std::size_t i = 0; i < layout_.parameters.size(); ++i) {
        const Parameter& parameter = layout_.parameters[i];
        const RandomStream stream(seed, Purpose::initial_weights, i);
        parameter.initializer->fill(parameter.shape, stream, store.subspan(parameter.offset, parameter.size));
    }
}

/// A product has two in the backward pass: one for the gradient of the weights, one for that of the inputs.
/// Nobody needs the gradient of the model's inputs.
double Sequential::training_flops_per_sample() const {
    double sum = 0.0;
    bool needs_dx = false;
    for (const Entry& entry : layers()) {
        const bool has_weights = !entry.layer->weights().empty();
        sum += entry.layer->flops_per_sample() * (1.0 + (has_weights ? 1.0 : 0.0) + (needs_dx ? 1.0 : 0.0));
        needs_dx = needs_dx || has_weights;
    }
    return sum;
}

}  // namespace lockstep
