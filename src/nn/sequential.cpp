#include <algorithm>
#include <string_view>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/sequential.h>

namespace lockstep {
namespace {

constexpr std::size_t kAlignment = kCacheLine / sizeof(float);

std::size_t aligned(std::size_t elements) {
    return (elements + kAlignment - 1) / kAlignment * kAlignment;
}

void check_name(const std::string& name) {
    constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    if (name.find_first_not_of(kAllowed) == std::string::npos) return;
    throw ConfigError("layer name \"" + name + "\": expected letters, digits, '_', '.' and '-' only");
}

bool has_name(std::span<const Sequential::Entry> entries, const std::string& name) {
    return std::ranges::any_of(entries, [&](const auto& entry) { return entry.name == name; });
}

/// "dense", "dense_1", ...: the first that is free.
std::string free_name(std::span<const Sequential::Entry> entries, std::string_view type) {
    std::string name(type);
    for (int count = 1; has_name(entries, name); ++count)
        name = std::string(type) + "_" + std::to_string(count);
    return name;
}

Shape build_layer(Sequential::Entry& entry) {
    try {
        Shape output = entry.layer->build(entry.input);
        for (const WeightSpec& spec : entry.layer->weights())
            if (spec.constraint) spec.constraint->check(spec.shape);
        return output;
    } catch (const ShapeError& error) {
        throw ShapeError((entry.where.empty() ? "" : entry.where + ": ") + "layer \"" + entry.name +
                         "\": " + error.what());
    }
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
    if (name.empty()) name = free_name(entries_, layer->type());
    check_name(name);
    if (has_name(entries_, name)) throw ConfigError("there are two layers named \"" + name + "\"");
    entries_.push_back({std::move(name), std::move(layer), {}, {}, {}});
    return *this;
}

void Sequential::build() {
    if (built_) return;
    if (std::ranges::all_of(entries_, [](const Entry& entry) { return entry.layer->is_view(); }))
        throw ConfigError("the model has no layer that computes anything; add one, such as dense");
    const Shape* input = &input_;
    for (Entry& entry : entries_) {
        entry.input = *input;
        entry.output = build_layer(entry);
        input = &entry.output;
    }
    output_activation_ = entries_.back().layer->release_activation();
    layout_ = {};
    for (std::size_t layer = 0; layer < entries_.size(); ++layer)
        append_group(layout_, entries_[layer], layer);
    built_ = true;
}

const Shape& Sequential::output_shape() const {
    return entries_.empty() ? input_ : entries_.back().output;
}

void Sequential::initialize(std::span<float> store, std::uint64_t seed) const {
    std::ranges::fill(store, 0.0F);
    for (std::size_t i = 0; i < layout_.parameters.size(); ++i) {
        const Parameter& parameter = layout_.parameters[i];
        const RandomStream stream(seed, Purpose::initial_weights, i);
        parameter.initializer->fill(parameter.shape, stream, store.subspan(parameter.offset, parameter.size));
    }
}

bool Sequential::has_shard_statistics() const {
    return std::ranges::any_of(entries_,
                               [](const Entry& entry) { return entry.layer->has_shard_statistics(); });
}

double Sequential::flops_per_sample() const {
    double sum = 0.0;
    for (const Entry& entry : entries_) sum += entry.layer->flops_per_sample();
    return sum;
}

}  // namespace lockstep
