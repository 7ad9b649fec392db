#include <algorithm>
#include <string>
#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/layers/prelu.h>

#include "../option_check.h"

namespace lockstep {
namespace {

/// For each element of `full`, in order, the place of its element of `shared`, whose extents are the same
/// or 1.
std::vector<std::size_t> places_in(const Shape& shared, const Shape& full) {
    std::vector<std::size_t> places{0};
    std::size_t stride = shared.size();
    for (std::size_t axis = 0; axis < full.rank(); ++axis) {
        stride /= shared[axis];
        std::vector<std::size_t> finer;
        for (const std::size_t place : places)
            for (std::size_t i = 0; i < full[axis]; ++i)
                finer.push_back(place + (shared[axis] == 1 ? 0 : i * stride));
        places = std::move(finer);
    }
    return places;
}

}  // namespace

Prelu::Prelu(Options options) : options_(std::move(options)), alpha_("alpha", options_.alpha) {
    for (const std::size_t axis : options_.shared_axes)
        check_option(axis >= 1, "shared_axes", "axes from 1, the first one of a sample (0 is the batch)",
                     axis);
}

Config Prelu::config() const {
    Config axes = Config::array();
    for (const std::size_t axis : options_.shared_axes) axes.push_back(axis);
    Config keys = Config::table({{"shared_axes", axes}});
    alpha_.add_to(keys);
    return keys;
}

Shape Prelu::build(const Shape& input) {
    std::vector<std::size_t> extents(input.extents().begin(), input.extents().end());
    for (const std::size_t axis : options_.shared_axes) {
        if (axis > extents.size())
            throw ShapeError("shared_axes: expected axes of " + input.to_string() + ", from 1 to " +
                             std::to_string(extents.size()) + ", got " + std::to_string(axis));
        extents[axis - 1] = 1;
    }
    alpha_shape_ = Shape(extents);
    places_ = places_in(alpha_shape_, input);
    return input;
}

std::vector<WeightSpec> Prelu::weights() const {
    return {alpha_.spec("alpha", alpha_shape_)};
}

void Prelu::reserve(std::size_t /*rows*/) {
    slopes_ = AlignedBuffer<float>(places_.size());
    sums_ = AlignedBuffer<double>(places_.size());
}

/// Alpha as a row of its own, so that the loops below run over adjacent numbers.
void Prelu::spread(std::span<const float> alpha) {
    for (std::size_t i = 0; i < places_.size(); ++i) slopes_[i] = alpha[places_[i]];
}

void Prelu::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    spread(pass.weights[0]);
    const float* const slopes = slopes_.data();
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const auto from = x.row(row);
        const auto to = y.row(row);
        for (std::size_t i = 0; i < from.size(); ++i) {
            const float below = slopes[i] * from[i];
            to[i] = from[i] > 0.0F ? from[i] : below;
        }
    }
}

void Prelu::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                     std::span<const std::span<float>> gradients) {
    spread(pass.weights[0]);
    std::ranges::fill(sums_.span(), 0.0);
    const float* const slopes = slopes_.data();
    double* const sums = sums_.data();
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const auto from = x.row(row);
        const auto slope = dy.row(row);
        for (std::size_t i = 0; i < from.size(); ++i)
            sums[i] += static_cast<double>(slope[i] * std::min(from[i], 0.0F));
        if (dx.empty()) continue;
        const auto to = dx.row(row);
        for (std::size_t i = 0; i < from.size(); ++i) to[i] = slope[i] * (from[i] > 0.0F ? 1.0F : slopes[i]);
    }
    gather(gradients[0]);
}

/// Adds the sums up for each alpha, in place: a place is never behind its feature.
void Prelu::gather(std::span<float> gradient) {
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const double sum = std::exchange(sums_[i], 0.0);
        sums_[places_[i]] += sum;
    }
    std::ranges::transform(sums_.span().first(gradient.size()), gradient.begin(),
                           [](double sum) { return static_cast<float>(sum); });
}

const TypeHelp& Prelu::help() {
    static const TypeHelp help{
        .summary = "x > 0 ? x : alpha * x, alpha learned",
        .keys = with_weight_help(
            {{"shared_axes", "[]", "axes with one alpha for all places, from 1: [1, 2] of an image"}},
            {{"alpha", "zeros", "alpha"}})};
    return help;
}

std::unique_ptr<Layer> Prelu::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Prelu>(keys, {.alpha = read_weight_options(keys, "alpha", defaults.alpha),
                                        .shared_axes = keys.get("shared_axes", defaults.shared_axes)});
}

}  // namespace lockstep
