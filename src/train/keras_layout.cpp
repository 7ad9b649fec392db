#include "keras_layout.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>

#include <lockstep/core/error.h>

namespace lockstep {
namespace {

/// The weights whose names begin with `prefix` are those of the layer in the attribute `attribute`.
struct Part {
    std::string_view prefix;
    std::string_view attribute;  // empty: the layer itself
};

constexpr std::array kItself{Part{"", ""}};
constexpr std::array kCell{Part{"", "cell"}};
constexpr std::array kProjections{Part{"query_", "query_dense"}, Part{"key_", "key_dense"},
                                  Part{"value_", "value_dense"}, Part{"output_", "output_dense"}};

/// A type of layer that Keras has too. Its weights have the same shapes, gates and order in both.
struct Counterpart {
    std::string_view type;
    std::string_view keras = type;  // Keras' class in snake case
    std::span<const Part> parts = kItself;
    bool has_count = false;  // behind the weights, unless there are none
};

constexpr std::array kCounterparts{
    Counterpart{.type = "dense"},
    Counterpart{.type = "conv1d"},
    Counterpart{.type = "conv2d"},
    Counterpart{.type = "conv3d"},
    Counterpart{.type = "conv2d_transpose"},
    Counterpart{.type = "depthwise_conv2d"},
    Counterpart{.type = "batch_normalization"},
    Counterpart{.type = "layer_normalization"},
    Counterpart{.type = "group_normalization"},
    Counterpart{.type = "normalization", .has_count = true},
    Counterpart{.type = "embedding"},
    Counterpart{.type = "relu", .keras = "re_lu"},
    Counterpart{.type = "leaky_relu", .keras = "leaky_re_lu"},
    Counterpart{.type = "prelu", .keras = "p_re_lu"},
    Counterpart{.type = "simple_rnn", .parts = kCell},
    Counterpart{.type = "gru", .parts = kCell},
    Counterpart{.type = "lstm", .parts = kCell},
    Counterpart{.type = "multi_head_attention", .parts = kProjections},
};

/// A type that is not in the table keeps its name, and has no weights.
Counterpart counterpart(std::string_view type) {
    const auto known = std::ranges::find(kCounterparts, type, &Counterpart::type);
    return known != kCounterparts.end() ? *known : Counterpart{.type = type, .parts = {}};
}

const Part& part_of(const Counterpart& type, const Sequential::Entry& entry, const std::string& weight) {
    const auto part = std::ranges::find_if(
        type.parts, [&](const Part& candidate) { return weight.starts_with(candidate.prefix); });
    if (part == type.parts.end())
        throw ConfigError("layer \"" + entry.name + "\": the weight \"" + weight + "\" of the type " +
                          std::string(type.type) + " has no place in Keras");
    return *part;
}

std::vector<std::string> variables_of(const Counterpart& type, const Sequential::Entry& entry,
                                      const std::string& group) {
    std::vector<std::string> variables;
    std::map<std::string_view, int> counts;  // by attribute
    for (const WeightSpec& weight : entry.layer->weights()) {
        const std::string_view attribute = part_of(type, entry, weight.name).attribute;
        const std::string owner = attribute.empty() ? group : group + "/" + std::string(attribute);
        variables.push_back(owner + "/vars/" + std::to_string(counts[attribute]++));
    }
    return variables;
}

}  // namespace

std::vector<KerasLayer> keras_layers(const Sequential& model) {
    std::vector<KerasLayer> layers;
    std::map<std::string_view, int> counts;  // by class
    for (const Sequential::Entry& entry : model.layers()) {
        const Counterpart type = counterpart(entry.layer->type());
        const int before = counts[type.keras]++;
        std::string group = "/layers/" + std::string(type.keras);
        if (before > 0) group += "_" + std::to_string(before);
        KerasLayer layer{entry.name, group, variables_of(type, entry, group)};
        if (type.has_count && !layer.variables.empty())
            layer.unused = group + "/vars/" + std::to_string(layer.variables.size());
        layers.push_back(std::move(layer));
    }
    return layers;
}

}  // namespace lockstep
