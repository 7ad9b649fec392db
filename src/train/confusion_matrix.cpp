#include "confusion_matrix.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

constexpr float kThreshold = 0.5F;  // between the classes of a single output

std::size_t class_of(std::span<const float> values) {
    if (values.size() == 1) return values.front() > kThreshold ? 1 : 0;
    return static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(std::size_t outputs)
    : classes_(std::max<std::size_t>(outputs, 2)), counts_(classes_ * classes_), merged_(counts_.size()) {}

void ConfusionMatrix::clear() {
    std::ranges::fill(counts_, 0.0);
    std::ranges::fill(merged_, 0);
}

void ConfusionMatrix::restore(std::span<const std::int64_t> merged) {
    if (merged.size() == counts_.size()) std::ranges::copy(merged, counts_.begin());
}

void ConfusionMatrix::add(ConstMatrix outputs, ConstMatrix targets) {
    const bool labels = targets.columns() == 1 && outputs.columns() > 1;
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
        const float label = targets.row(row).front();
        if (labels && !(label >= 0.0F && label < static_cast<float>(classes_)))
            throw DataError(
                fmt::format("confusion counts: expected labels from 0 to {}, got {}", classes_ - 1, label));
        const std::size_t target = labels ? static_cast<std::size_t>(label) : class_of(targets.row(row));
        counts_[target * classes_ + class_of(outputs.row(row))] += 1.0;
    }
}

void ConfusionMatrix::merge(const Communicator& world) {
    world.sum(counts_);
    std::ranges::transform(counts_, merged_.begin(), [](double count) { return std::llround(count); });
}

}  // namespace lockstep
