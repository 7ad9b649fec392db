#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/data/array_source.h>

namespace lockstep {

namespace {

void copy_rows(const std::vector<float>& values, std::span<const std::uint64_t> indices, Matrix out) {
    for (std::size_t row = 0; row < indices.size(); ++row)
        std::ranges::copy_n(values.begin() + static_cast<std::ptrdiff_t>(indices[row] * out.columns()),
                            static_cast<std::ptrdiff_t>(out.columns()), out.row(row).begin());
}

}  // namespace

ArraySource::ArraySource(Options options)
    : options_(std::move(options)),
      samples_(options_.input_shape.size() == 0 ? 0 : options_.inputs.size() / options_.input_shape.size()) {
    if (options_.targets.empty()) options_.target_shape = {0};
    const auto require = [&](const char* what, std::size_t values, std::size_t per_sample) {
        if (values == samples_ * per_sample) return;
        throw ShapeError(fmt::format("{}: expected {} values for {} {}s of {} samples, got {}", options_.name,
                                     samples_ * per_sample, per_sample, what, samples_, values));
    };
    require("input", options_.inputs.size(), options_.input_shape.size());
    require("target", options_.targets.size(), options_.target_shape.size());
    if (has_weights()) require("weight", options_.weights.size(), 1);
}

void ArraySource::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    if (!out.inputs.empty()) copy_rows(options_.inputs, indices, out.inputs);
    if (!out.targets.empty()) copy_rows(options_.targets, indices, out.targets);
    for (std::size_t row = 0; row < out.weights.size(); ++row)
        out.weights[row] = options_.weights[indices[row]];
}

}  // namespace lockstep
