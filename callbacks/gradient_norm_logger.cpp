#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include <fmt/format.h>

#include <lockstep/callbacks/gradient_norm_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>
#include <lockstep/math/kernels.h>

#include "support/columns.h"
#include "support/every.h"
#include "support/from_config.h"

namespace lockstep {

namespace {

constexpr const char* kGlobalLayer = "global";
const std::string kTables = "/gradients/";

const ColumnMeaning kNorm{"norm", "1", "Euclidean norm of the mean gradient of the batch, before clipping"};
const ColumnMeaning kGlobalNorm{
    "norm", "1", "Euclidean norm of the mean gradient of the batch over all weights, before clipping"};
const ColumnMeaning kRatio{
    "update_ratio", "1",
    "norm of the change of the weight in the step over its norm before; NaN if that was 0"};

}  // namespace

const TypeHelp& GradientNormLogger::help() {
    static const TypeHelp help{
        .summary = "norms of the gradients of each weight in the run log, per step",
        .keys = {{"every", "1", "steps from one row to the next"},
                 {"update_ratio", "false", "also how much a step changes each weight, relative to its norm"},
                 {"verbose", "0", "1: a line per epoch with the mean and the largest global norm"}}};
    return help;
}

std::unique_ptr<Callback> GradientNormLogger::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<GradientNormLogger>(
        keys, {.every = keys.get("every", defaults.every),
               .update_ratio = keys.get("update_ratio", defaults.update_ratio),
               .verbose = read_verbose(keys)});
}

GradientNormLogger::GradientNormLogger(Options options) : options_(options) {
    require_positive("gradient_norm_logger", "every", options_.every);
    require_verbose("gradient_norm_logger", options_.verbose);
}

void GradientNormLogger::on_train_begin(const Logs& /*logs*/) {
    prepare_weights();
    describe(run().run_file(), kTables + kGlobalLayer, {kStepColumn, kGlobalNorm});
    if (options_.update_ratio) before_.resize(run().model().parameters().size);
}

void GradientNormLogger::prepare_weights() {
    const std::vector<Parameter>& parameters = run().model().parameters().parameters;
    std::vector<ColumnMeaning> columns{kStepColumn, kNorm};
    if (options_.update_ratio) columns.push_back(kRatio);
    weights_.clear();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].layer == kGlobalLayer)
            throw ConfigError(
                "gradient_norm_logger: the layer \"global\" has the name of the table of the global norm; "
                "give the layer another name");
        if (parameters[i].rule != WeightRule::optimizer) continue;
        weights_.push_back({.parameter = i, .table = kTables + parameters[i].path()});
        describe(run().run_file(), weights_.back().table, columns);
    }
}

void GradientNormLogger::on_epoch_begin(int /*epoch*/, const Logs& /*logs*/) {
    summary_ = {};
}

void GradientNormLogger::on_train_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {
    if (options_.update_ratio && is_due(run().step(), options_.every))
        std::ranges::copy(run().weights(), before_.begin());
}

void GradientNormLogger::on_train_batch_end(std::int64_t /*batch*/, const Logs& /*logs*/) {
    if (!is_due(run().step(), options_.every)) return;
    const GradientNorms norms = run().gradient_norms();
    for (const Weight& weight : weights_) {
        io::Row row{{"step", run().step()}, {"norm", norms.weights[weight.parameter]}};
        if (options_.update_ratio) row.emplace_back("update_ratio", update_ratio(weight));
        run().run_file().append(weight.table, std::move(row));
    }
    run().run_file().append(kTables + kGlobalLayer, {{"step", run().step()}, {"norm", norms.global}});
    summarize(norms.global);
}

/// Leaves in before_ the change of the weight.
double GradientNormLogger::update_ratio(const Weight& weight) {
    const Parameter& parameter = run().model().parameters().parameters[weight.parameter];
    const std::span<float> before = std::span(before_).subspan(parameter.offset, parameter.size);
    const std::span<const float> after = run().weights().subspan(parameter.offset, parameter.size);
    const double square = math::sum_of_squares(before);
    if (square == 0) return std::numeric_limits<double>::quiet_NaN();
    math::scale(before, -1.0F, before);
    math::add(before, after, before);
    return std::sqrt(math::sum_of_squares(before) / square);
}

void GradientNormLogger::summarize(double norm) {
    if (summary_.steps == 0 || norm > summary_.largest) {
        summary_.largest = norm;
        summary_.largest_step = run().step();
    }
    summary_.sum += norm;
    ++summary_.steps;
}

void GradientNormLogger::on_epoch_end(int epoch, const Logs& /*logs*/) {
    if (options_.verbose == 0 || summary_.steps == 0) return;
    log::info("epoch {}: norm of the gradient {:.4g} on average, at most {:.4g} in step {}", epoch + 1,
              summary_.sum / static_cast<double>(summary_.steps), summary_.largest,
              summary_.largest_step + 1);
}

}  // namespace lockstep
