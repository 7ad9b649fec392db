#include "norm_constraint.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <lockstep/core/error.h>

#include "../option_check.h"

namespace lockstep {
namespace {

std::size_t product(std::span<const std::size_t> extents) {
    std::size_t all = 1;
    for (const std::size_t extent : extents) all *= extent;
    return all;
}

bool are_consecutive(const std::vector<std::size_t>& axes) {
    for (std::size_t i = 1; i < axes.size(); ++i)
        if (axes[i] != axes[i - 1] + 1) return false;
    return !axes.empty();
}

}  // namespace

NormConstraint::NormConstraint(const Limits& limits, std::vector<std::size_t> axes)
    : limits_(limits), axes_(std::move(axes)) {
    check_option(limits_.min_value >= 0.0, "min_value", "at least 0", limits_.min_value);
    check_option(limits_.max_value >= limits_.min_value && std::isfinite(limits_.max_value), "max_value",
                 "a finite number of at least " + std::to_string(limits_.min_value), limits_.max_value);
    check_option(limits_.rate >= 0.0 && limits_.rate <= 1.0, "rate", "a number in [0, 1]", limits_.rate);
    check_option(are_consecutive(axes_), "axis",
                 "an axis, or several that follow one another, such as [0, 1]", Shape(axes_).to_string());
}

Config NormConstraint::with_axis(Config table) const {
    table.set("axis", axes_.size() == 1 ? Config(axes_[0]) : Config::array({axes_.begin(), axes_.end()}));
    return table;
}

void NormConstraint::check(const Shape& shape) const {
    if (axes_.back() < shape.rank()) return;
    throw ShapeError(std::string(type()) + ": expected a weight with an axis " +
                     std::to_string(axes_.back()) + ", got one of shape " + shape.to_string());
}

double NormConstraint::factor(double norm) const {
    constexpr double kEpsilon = 1e-7;
    const double wanted = std::clamp(norm, limits_.min_value, limits_.max_value);
    return (limits_.rate * wanted + (1.0 - limits_.rate) * norm) / (kEpsilon + norm);
}

/// The weight is seen as [blocks, elements of a vector, vectors of a block]; of these, as many as share a
/// cache line are done together.
void NormConstraint::apply(const Shape& shape, std::span<float> weight) const {
    constexpr std::size_t kTogether = 16;
    const auto extents = shape.extents();
    const std::size_t length = product(extents.subspan(axes_.front(), axes_.size()));
    const std::size_t vectors = product(extents.subspan(axes_.back() + 1));
    for (std::size_t block = 0; block < weight.size(); block += length * vectors) {
        for (std::size_t first = 0; first < vectors; first += kTogether) {
            const std::size_t count = std::min(kTogether, vectors - first);
            float* const begin = weight.data() + block + first;
            std::array<double, kTogether> squares{};
            for (std::size_t i = 0; i < length; ++i)
                for (std::size_t j = 0; j < count; ++j)
                    squares[j] += double{begin[i * vectors + j]} * begin[i * vectors + j];
            std::array<float, kTogether> factors{};
            std::ranges::transform(squares, factors.begin(), [this](double square) {
                return static_cast<float>(factor(std::sqrt(square)));
            });
            for (std::size_t i = 0; i < length; ++i)
                for (std::size_t j = 0; j < count; ++j) begin[i * vectors + j] *= factors[j];
        }
    }
}

}  // namespace lockstep
