#include <limits>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/r2_score.h>

#include "../option_check.h"
#include "metric_shapes.h"

namespace lockstep {
namespace {

/// About the mean of the targets of one feature; 0 if what is left of the difference is noise.
double sum_of_squares(double weight, double sum, double squares) {
    constexpr double kNoise = 1e-12;
    const double about_mean = squares - sum * (sum / weight);
    return about_mean > kNoise * squares ? about_mean : 0.0;
}

double score(double total, double residual) {
    if (total > 0.0) return 1.0 - residual / total;
    return residual == 0.0 ? 1.0 : 0.0;
}

}  // namespace

R2Score::R2Score(Options options)
    : options_(std::move(options)), weighted_(options_.class_aggregation == "variance_weighted_average") {
    check_option(weighted_ || options_.class_aggregation == "uniform_average", "class_aggregation",
                 "\"uniform_average\" or \"variance_weighted_average\"", options_.class_aggregation);
}

Config R2Score::config() const {
    return Config::table({{"class_aggregation", options_.class_aggregation}});
}

void R2Score::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
    features_ = output.size();
}

void R2Score::update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                     std::span<double> state) const {
    if (outputs.rows() == 0) return;
    const auto weight_of = [weights](std::size_t row) {
        return weights.empty() ? 1.0 : static_cast<double>(weights[row]);
    };
    double all = 0.0;
    for (std::size_t row = 0; row < outputs.rows(); ++row) all += weight_of(row);
    state[0] += all;
    for (std::size_t i = 0; i < features_; ++i) {
        // About a target of these rows: what is far from 0 is rounded once, not with each row.
        const double centre = static_cast<double>(targets.row(0)[i]);
        double sum = 0.0, squares = 0.0, residual = 0.0;
        for (std::size_t row = 0; row < outputs.rows(); ++row) {
            const double target = static_cast<double>(targets.row(row)[i]);
            const double error = target - static_cast<double>(outputs.row(row)[i]);
            const double weight = weight_of(row);
            sum += weight * (target - centre);
            squares += weight * (target - centre) * (target - centre);
            residual += weight * error * error;
        }
        state[1 + i] += sum + all * centre;
        state[1 + features_ + i] += squares + centre * (2.0 * sum + all * centre);
        state[1 + 2 * features_ + i] += residual;
    }
}

double R2Score::result(std::span<const double> state) const {
    const double weight = state[0];
    if (weight == 0.0) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0.0, parts = 0.0;
    for (std::size_t i = 0; i < features_; ++i) {
        const double total = sum_of_squares(weight, state[1 + i], state[1 + features_ + i]);
        const double part = weighted_ ? total : 1.0;
        sum += part * score(total, state[1 + 2 * features_ + i]);
        parts += part;
    }
    return parts == 0.0 ? 0.0 : sum / parts;
}

const TypeHelp& R2Score::help() {
    static const TypeHelp help{
        .summary = "coefficient of determination: part of the targets' variance that is explained",
        .keys = {{"class_aggregation", "\"uniform_average\"",
                  "of several outputs; or \"variance_weighted_average\""}}};
    return help;
}

std::unique_ptr<Metric> R2Score::from_config(const Config& keys) {
    return construct_from<R2Score>(
        keys, {.class_aggregation = keys.get("class_aggregation", Options{}.class_aggregation)});
}

}  // namespace lockstep
