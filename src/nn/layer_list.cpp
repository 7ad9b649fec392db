#include <algorithm>
#include <string_view>

#include <lockstep/core/error.h>
#include <lockstep/nn/layer_list.h>
#include <lockstep/nn/registry.h>

namespace lockstep {
namespace {

/// One whose message already begins with the place of the mistake: of layers inside each other the innermost.
class PlacedShapeError : public ShapeError {
public:
    using ShapeError::ShapeError;
};

void check_name(const std::string& name) {
    constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    if (name.find_first_not_of(kAllowed) == std::string::npos) return;
    throw ConfigError("layer name \"" + name + "\": expected letters, digits, '_', '.' and '-' only");
}

/// "dense", "dense_1", ...: the first that is free.
std::string free_name(const LayerList& layers, std::string_view type) {
    std::string name(type);
    for (int count = 1; layers.contains(name); ++count)
        name = std::string(type) + "_" + std::to_string(count);
    return name;
}

Shape build_layer(const NamedLayer& entry) {
    try {
        Shape output = entry.layer->build(entry.input);
        for (const WeightSpec& spec : entry.layer->weights())
            if (spec.constraint) spec.constraint->check(spec.shape);
        return output;
    } catch (const PlacedShapeError&) {
        throw;
    } catch (const ShapeError& error) {
        const std::string message = "layer \"" + entry.name + "\": " + error.what();
        if (entry.where.empty()) throw ShapeError(message);
        throw PlacedShapeError(entry.where + ": " + message);
    }
}

}  // namespace

LayerList LayerList::from_config(const Config& list) {
    if (!list.is_array()) list.fail("expected a list of layers, such as [{ type = \"dense\", units = 10 }]");
    LayerList layers;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Config keys = list[i];
        std::string name = keys.is_table() ? keys.get<std::string>("name", "") : "";
        std::unique_ptr<Layer> layer = make_layer(keys);
        try {
            layers.add(std::move(layer), std::move(name));
        } catch (const ConfigError& error) {
            keys.fail(error.what());
        }
        layers.entries_.back().where = keys.where();
    }
    return layers;
}

Config LayerList::config() const {
    Config list = Config::array();
    for (const NamedLayer& entry : entries_) {
        Config layer = Config::table({{"type", entry.layer->type()}, {"name", entry.name}});
        const Config keys = entry.layer->config();
        for (const std::string& key : keys.keys()) layer.set(key, keys.at(key));
        list.push_back(layer);
    }
    return list;
}

LayerList& LayerList::add(std::unique_ptr<Layer> layer, std::string name) {
    if (name.empty()) name = free_name(*this, layer->type());
    check_name(name);
    if (contains(name)) throw ConfigError("there are two layers named \"" + name + "\"");
    entries_.push_back({std::move(name), std::move(layer), {}, {}, {}});
    return *this;
}

Shape LayerList::build(const Shape& input) {
    const Shape* shape = &input;
    for (NamedLayer& entry : entries_) {
        entry.input = *shape;
        entry.output = build_layer(entry);
        shape = &entry.output;
    }
    return *shape;
}

bool LayerList::contains(const std::string& name) const {
    return std::ranges::any_of(entries_, [&](const NamedLayer& entry) { return entry.name == name; });
}

bool LayerList::has_shard_statistics() const {
    return std::ranges::any_of(entries_,
                               [](const NamedLayer& entry) { return entry.layer->has_shard_statistics(); });
}

std::size_t LayerList::batch_sums() const {
    std::size_t most = 0;
    for (const NamedLayer& entry : entries_) most = std::max(most, entry.layer->batch_sums());
    return most;
}

double LayerList::flops_per_sample() const {
    double sum = 0.0;
    for (const NamedLayer& entry : entries_) sum += entry.layer->flops_per_sample();
    return sum;
}

}  // namespace lockstep
