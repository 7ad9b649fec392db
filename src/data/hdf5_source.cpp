#include <filesystem>

#include <lockstep/core/error.h>
#include <lockstep/data/hdf5_source.h>
#include <lockstep/math/kernels.h>

#include "joined_arrays.h"

namespace lockstep {

namespace {

std::string short_name(const std::vector<std::string>& files) {
    const std::string first = std::filesystem::path(files.front()).filename().string();
    return files.size() == 1 ? first : first + " and " + std::to_string(files.size() - 1) + " more";
}

const Shape kNoTargets{0};

}  // namespace

Hdf5Source::Hdf5Source(const Options& options) : name_(short_name(options.files)), scale_(options.scale) {
    const JoinedArrays::Options how{.layout = options.layout, .allow_links = options.allow_links};
    const auto join = [&](const std::vector<std::string>& datasets) {
        auto joined = std::make_unique<JoinedArrays>(options.files, datasets, how);
        if (inputs_ && joined->rows() != size())
            throw DataError(describe() + ": " + options.inputs.front() + " has " + std::to_string(size()) +
                            " samples, but " + datasets.front() + " has " + std::to_string(joined->rows()));
        return joined;
    };
    inputs_ = join(options.inputs);
    if (!options.targets.empty()) targets_ = join(options.targets);
    if (!options.sample_weight) return;
    weights_ = join({*options.sample_weight});
    if (weights_->shape().size() != 1)
        throw DataError(describe() + ": " + *options.sample_weight +
                        ": expected one weight per sample, got samples of " + "shape " +
                        weights_->shape().to_string());
}

Hdf5Source::~Hdf5Source() = default;

std::uint64_t Hdf5Source::size() const {
    return inputs_->rows();
}
const Shape& Hdf5Source::input_shape() const {
    return inputs_->shape();
}
const Shape& Hdf5Source::target_shape() const {
    return targets_ ? targets_->shape() : kNoTargets;
}

void Hdf5Source::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    if (!out.inputs.empty()) {
        inputs_->read(indices, out.inputs);
        if (scale_ != 1.0F) math::scale(out.inputs.values(), scale_, out.inputs.values());
    }
    if (!out.targets.empty()) targets_->read(indices, out.targets);
    if (!out.weights.empty()) weights_->read(indices, {out.weights.data(), indices.size(), 1});
}

}  // namespace lockstep
