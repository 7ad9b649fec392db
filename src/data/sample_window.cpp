#include "sample_window.h"

#include <span>

namespace lockstep {

SampleWindow::SampleWindow(const Dataset& dataset, std::size_t capacity, bool targets)
    : rows_(capacity, dataset.input_shape()) {
    if (targets) rows_.add_targets(dataset);
    samples_.reserve(capacity);
}

void SampleWindow::load(const Dataset& dataset, std::size_t count) {
    if (count <= loaded_) return;
    const std::size_t missing = count - loaded_;
    dataset.read(std::span(samples_).subspan(loaded_, missing), rows_.rows(loaded_, missing));
    loaded_ = count;
}

void SampleWindow::copy(std::uint64_t sample, std::size_t row, const SampleRows& out) {
    const auto found = std::ranges::lower_bound(samples_, sample);
    const SampleRows from = rows_.rows(static_cast<std::size_t>(found - samples_.begin()), 1);
    std::ranges::copy(from.inputs.values(), out.inputs.row(row).begin());
    if (!out.targets.empty()) std::ranges::copy(from.targets.values(), out.targets.row(row).begin());
    if (!out.weights.empty()) out.weights[row] = from.weights[0];
}

}  // namespace lockstep
