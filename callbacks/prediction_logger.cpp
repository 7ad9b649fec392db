#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/prediction_logger.h>
#include <lockstep/core/error.h>

#include "support/columns.h"
#include "support/every.h"
#include "support/from_config.h"
#include "support/probe_table.h"

namespace lockstep {

namespace {

const std::string kTables = "/predictions/";

bool is_name_character(unsigned char character) {
    return std::isalnum(character) != 0 || character == '_' || character == '.' || character == '-';
}

}  // namespace

const TypeHelp& PredictionLogger::help() {
    static const TypeHelp help{
        .summary = "outputs of the model for a few fixed samples in the run log, per epoch",
        .keys = {{"samples", "16", "the first so many of the validation data, else of the training data"},
                 {"every", "1", "epochs from one row to the next"},
                 {"name", "\"outputs\"", "of the table below /predictions"}}};
    return help;
}

std::unique_ptr<Callback> PredictionLogger::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<PredictionLogger>(keys, {.samples = keys.get("samples", defaults.samples),
                                                   .every = keys.get("every", defaults.every),
                                                   .name = keys.get("name", defaults.name)});
}

PredictionLogger::PredictionLogger(Options options) : options_(std::move(options)) {
    require_positive("prediction_logger", "samples", options_.samples);
    require_positive("prediction_logger", "every", options_.every);
    if (options_.name.empty() || !std::ranges::all_of(options_.name, is_name_character))
        throw ConfigError(fmt::format(
            "prediction_logger: name: expected letters, digits, _, . and -, got \"{}\"", options_.name));
}

void PredictionLogger::on_train_begin(const Logs& /*logs*/) {
    outputs().describe(run().run_file(), run().probe(), "", "outputs of the model, by sample");
    write_targets();
}

ProbeTable PredictionLogger::outputs() const {
    return {kTables + options_.name, static_cast<std::size_t>(options_.samples),
            run().model().output_shape()};
}

/// Not again after a resume.
void PredictionLogger::write_targets() {
    const Probe& probe = run().probe();
    const std::string name = kTables + options_.name + "_targets";
    if (probe.samples().targets.empty() || run().run_file().rows(name) > 0) return;
    describe(run().run_file(), name,
             {{"index", "1", "number of the sample in the " + probe.samples().data + " data"},
              {"values", "", "targets of the sample"}});
    const std::size_t count = std::min(static_cast<std::size_t>(options_.samples), probe.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto target = probe.targets().row(i);
        run().run_file().append(name, {{"index", probe.samples().index[i]},
                                       {"values", std::vector<double>(target.begin(), target.end())}});
    }
}

void PredictionLogger::on_epoch_end(int epoch, const Logs& /*logs*/) {
    if (!is_due(epoch, options_.every)) return;
    outputs().append(run().run_file(), epoch, run().probe(), run().probe().outputs());
}

}  // namespace lockstep
