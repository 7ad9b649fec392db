#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <lockstep/callbacks/activation_logger.h>
#include <lockstep/core/error.h>

#include "support/every.h"
#include "support/from_config.h"
#include "support/probe_table.h"

namespace lockstep {

namespace {

std::vector<std::string> read_names(const Config& layers) {
    if (layers.is_string()) return {layers.as<std::string>()};
    return layers.as<std::vector<std::string>>();
}

/// Index of the layer called `name`.
std::size_t find_layer(const Sequential& model, const std::string& name) {
    std::vector<std::string> names;
    for (const Sequential::Entry& entry : model.layers()) names.push_back(entry.name);
    const auto found = std::ranges::find(names, name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const auto near = nearest(name, names);
    throw ConfigError(fmt::format(
        "activation_logger: layers: there is no layer \"{}\"; {}", name,
        near ? "did you mean \"" + *near + "\"?" : fmt::format("known: {}", fmt::join(names, ", "))));
}

}  // namespace

struct ActivationLogger::Watched {
    std::size_t layer;  // index in the model
    ProbeTable table;
};

const TypeHelp& ActivationLogger::help() {
    static const TypeHelp help{
        .summary = "outputs of layers for a few fixed samples in the run log, per epoch",
        .keys = {{"layers", "required", "names of layers, for example [\"dense\", \"dense_1\"]"},
                 {"samples", "4", "the first so many of the validation data, else of the training data"},
                 {"every", "1", "epochs from one row to the next"}}};
    return help;
}

std::unique_ptr<Callback> ActivationLogger::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<ActivationLogger>(keys, {.layers = read_names(keys.at("layers")),
                                                   .samples = keys.get("samples", defaults.samples),
                                                   .every = keys.get("every", defaults.every)});
}

ActivationLogger::ActivationLogger(Options options) : options_(std::move(options)) {
    require_positive("activation_logger", "samples", options_.samples);
    require_positive("activation_logger", "every", options_.every);
    if (options_.layers.empty())
        throw ConfigError(
            "activation_logger: layers: expected names, got none; for example layers = [\"dense\"]");
    std::set<std::string> known;
    for (const std::string& layer : options_.layers)
        if (!known.insert(layer).second)
            throw ConfigError(fmt::format("activation_logger: layers: \"{}\" is named twice", layer));
}

ActivationLogger::~ActivationLogger() = default;

void ActivationLogger::on_train_begin(const Logs& /*logs*/) {
    watched_.clear();
    for (const std::string& layer : options_.layers) watch(layer);
}

void ActivationLogger::watch(const std::string& layer) {
    const std::size_t index = find_layer(run().model(), layer);
    watched_.push_back(
        {.layer = index,
         .table = ProbeTable("/activations/" + layer, static_cast<std::size_t>(options_.samples),
                             run().model().layers()[index].output)});
    watched_.back().table.describe(run().run_file(), run().probe(), "",
                                   "outputs of the layer in inference mode, by sample");
}

void ActivationLogger::on_epoch_end(int epoch, const Logs& /*logs*/) {
    if (!is_due(epoch, options_.every)) return;
    for (const Watched& watched : watched_)
        watched.table.append(run().run_file(), epoch, run().probe(),
                             run().probe().activations(watched.layer));
}

}  // namespace lockstep
