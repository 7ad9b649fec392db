#include <algorithm>
#include <utility>

#include <lockstep/callbacks/histogram_logger.h>

#include "support/columns.h"
#include "support/every.h"
#include "support/from_config.h"
#include "support/histogram.h"

namespace lockstep {

namespace {

const std::string kWeights = "/histograms/";
const std::string kGradients = "/gradient_histograms/";

const ColumnMeaning kEdges{"edges", "1", "lower end of each bin, and upper end of the last one"};
const ColumnMeaning kCounts{"counts", "1", "finite values in each bin; an edge belongs to the bin above it"};

/// Edges [bins + 1] and counts [bins], also of equal values.
struct Bins {
    std::vector<double> edges;
    io::Array<std::int64_t> counts;
};

Bins bins_of(std::span<const float> values, std::size_t bins) {
    Histogram histogram = histogram_of(values, bins);
    Bins result{.edges = {}, .counts = {.values = std::vector<std::int64_t>(bins), .shape = {bins}}};
    if (histogram.min < histogram.max) {
        result.edges = std::move(histogram.limits);
        result.edges.insert(result.edges.begin(), histogram.min);
        std::ranges::transform(histogram.counts, result.counts.values.begin(),
                               [](double count) { return static_cast<std::int64_t>(count); });
        return result;
    }
    for (std::size_t i = 0; i <= bins; ++i)
        result.edges.push_back(histogram.min - 0.5 + static_cast<double>(i) / static_cast<double>(bins));
    result.counts.values[bins / 2] = histogram.count;
    return result;
}

bool has_gradient(const Parameter& parameter) {
    return parameter.rule == WeightRule::optimizer;
}

}  // namespace

const TypeHelp& HistogramLogger::help() {
    static const TypeHelp help{
        .summary = "histograms of each weight in the run log, per epoch",
        .keys = {{"every", "1", "epochs from one row to the next"},
                 {"bins", "30", "of a histogram"},
                 {"gradients", "false", "whether there are histograms of the last step's gradients too"}}};
    return help;
}

std::unique_ptr<Callback> HistogramLogger::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<HistogramLogger>(keys, {.every = keys.get("every", defaults.every),
                                                  .bins = keys.get("bins", defaults.bins),
                                                  .gradients = keys.get("gradients", defaults.gradients)});
}

HistogramLogger::HistogramLogger(Options options) : options_(options) {
    require_positive("histogram_logger", "every", options_.every);
    require_positive("histogram_logger", "bins", options_.bins);
}

void HistogramLogger::on_train_begin(const Logs& /*logs*/) {
    const std::vector<ColumnMeaning> columns{kEpochColumn, kEdges, kCounts};
    for (const Parameter& parameter : run().model().parameters().parameters) {
        describe(run().run_file(), kWeights + parameter.path(), columns);
        if (options_.gradients && has_gradient(parameter))
            describe(run().run_file(), kGradients + parameter.path(), columns);
    }
}

void HistogramLogger::on_train_batch_end(std::int64_t batch, const Logs& /*logs*/) {
    if (!options_.gradients || !is_due(run().epoch(), options_.every)) return;
    if (batch + 1 != run().params().steps && !run().stops()) return;
    const std::span<const float> gradients = run().gradients();
    for (const Parameter& parameter : run().model().parameters().parameters)
        if (has_gradient(parameter)) append(kGradients, parameter, run().epoch(), gradients);
}

void HistogramLogger::on_epoch_end(int epoch, const Logs& /*logs*/) {
    if (!is_due(epoch, options_.every)) return;
    const std::span<const float> weights = run().weights();
    for (const Parameter& parameter : run().model().parameters().parameters)
        append(kWeights, parameter, epoch, weights);
}

/// `all`: laid out like the weights.
void HistogramLogger::append(const std::string& tables, const Parameter& parameter, int epoch,
                             std::span<const float> all) {
    Bins bins =
        bins_of(all.subspan(parameter.offset, parameter.size), static_cast<std::size_t>(options_.bins));
    run().run_file().append(tables + parameter.path(), {{"epoch", std::int64_t{epoch}},
                                                        {"edges", std::move(bins.edges)},
                                                        {"counts", std::move(bins.counts)}});
}

}  // namespace lockstep
