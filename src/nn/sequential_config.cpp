#include <string>
#include <vector>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/sequential.h>

namespace lockstep {
namespace {

Shape input_shape_of(const Config& model) {
    Shape shape(model.get<std::vector<std::size_t>>("input"));
    for (const std::size_t extent : shape.extents())
        if (extent == 0) model.at("input").fail("expected extents of at least 1, got " + shape.to_string());
    return shape;
}

}  // namespace

Sequential Sequential::from_config(const Config& config) {
    Sequential model(input_shape_of(config));
    const Config layers = config.at("layers");
    if (!layers.is_array() || layers.size() == 0)
        layers.fail("expected a list of layers, such as [{ type = \"dense\", units = 10 }]");
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const Config keys = layers[i];
        std::string name = keys.is_table() ? keys.get<std::string>("name", "") : "";
        std::unique_ptr<Layer> layer = make_layer(keys);
        try {
            model.add(std::move(layer), std::move(name));
        } catch (const ConfigError& error) {
            keys.fail(error.what());
        }
        model.entries_.back().where = keys.where();
    }
    config.reject_unknown_keys();
    return model;
}

Config Sequential::config() const {
    Config input = Config::array();
    for (const std::size_t extent : input_.extents()) input.push_back(extent);
    Config layers = Config::array();
    for (const Entry& entry : entries_) {
        Config layer = Config::table({{"type", entry.layer->type()}, {"name", entry.name}});
        const Config keys = entry.layer->config();
        for (const std::string& key : keys.keys()) layer.set(key, keys.at(key));
        layers.push_back(layer);
    }
    return Config::table({{"input", input}, {"layers", layers}});
}

}  // namespace lockstep
