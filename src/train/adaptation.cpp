#include "adaptation.h"

#include <algorithm>
#include <span>
#include <string>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/data/shared_statistics.h>
#include <lockstep/log/log.h>
#include <lockstep/nn/layers/normalization.h>

namespace lockstep {
namespace {

/// Null if it takes nothing from data.
const Normalization* adapted(const Layer& layer) {
    const auto* normalization = dynamic_cast<const Normalization*>(&layer);
    return normalization != nullptr && normalization->is_adapted() ? normalization : nullptr;
}

bool has_adapted_within(const Layer& layer) {
    return std::ranges::any_of(layer.sub_layers(), [](const SubLayer& inner) {
        return adapted(*inner.layer) != nullptr || has_adapted_within(*inner.layer);
    });
}

[[noreturn]] void refuse(const std::string& layer) {
    throw ConfigError(
        fmt::format("layer \"{}\": a normalization takes its mean and variance from the data as they come "
                    "in, so it must be "
                    "the first layer that computes something; put it there, or give it mean and variance",
                    layer));
}

void require_size(const std::string& name, std::size_t features, const Dataset& data) {
    if (data.input_shape().size() % features == 0) return;
    throw ShapeError(
        fmt::format("layer \"{}\": expected samples of a multiple of {} numbers, its features, got {}", name,
                    features, data.input_shape().to_string()));
}

void warn_of_constants(const std::string& name, const std::vector<double>& variances) {
    const auto constant = std::ranges::count(variances, 0.0);
    if (constant > 0)
        log::warning(
            "layer \"{}\": {} of {} features are constant in the data that it is adapted to; where "
            "others differ from them, numbers become very large",
            name, constant, variances.size());
}

void write(const Sequential& model, const std::string& path, std::span<const double> values,
           std::span<float> store) {
    const auto place = std::ranges::find(model.parameters().parameters, path, &Parameter::path);
    std::ranges::transform(values, store.subspan(place->offset).begin(),
                           [](double value) { return static_cast<float>(value); });
}

}  // namespace

bool is_adapted(const Sequential& model) {
    return std::ranges::any_of(model.layers(), [](const Sequential::Entry& entry) {
        return adapted(*entry.layer) != nullptr || has_adapted_within(*entry.layer);
    });
}

void adapt(const Session& session, const Sequential& model, const Dataset& data, std::vector<float>& store) {
    bool first = true;
    for (const Sequential::Entry& entry : model.layers()) {
        if (has_adapted_within(*entry.layer)) refuse(entry.name);
        if (const Normalization* layer = adapted(*entry.layer)) {
            if (!first) refuse(entry.name);
            require_size(entry.name, layer->features(), data);
            const FeatureStatistics statistics =
                share_statistics(session, data, SamplePart::inputs, layer->features());
            session.together([&] { statistics.require_finite(); });
            const std::vector<double> variances = statistics.variances();
            if (session.is_root()) warn_of_constants(entry.name, variances);
            write(model, entry.name + "/mean", statistics.means(), store);
            write(model, entry.name + "/variance", variances, store);
        }
        first = first && entry.layer->is_view();
    }
}

}  // namespace lockstep
