#include <vector>

#include <lockstep/core/error.h>
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
    model.layers_ = LayerList::from_config(layers);
    if (model.layers_.empty())
        layers.fail("expected at least one layer, such as [{ type = \"dense\", units = 10 }]");
    config.reject_unknown_keys();
    return model;
}

Config Sequential::config() const {
    Config input = Config::array();
    for (const std::size_t extent : input_.extents()) input.push_back(extent);
    return Config::table({{"input", input}, {"layers", layers_.config()}});
}

}  // namespace lockstep
