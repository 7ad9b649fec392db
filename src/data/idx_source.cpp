#include <algorithm>
#include <filesystem>

#include <lockstep/core/error.h>
#include <lockstep/data/idx_source.h>
#include <lockstep/data/paths.h>
#include <lockstep/math/kernels.h>

#include "source_keys.h"

namespace lockstep {

namespace {

Shape sample_shape(const IdxArray& array) {
    std::vector<std::size_t> extents(array.extents.begin() + 1, array.extents.end());
    if (extents.empty()) extents.push_back(1);
    return Shape(std::move(extents));
}

template <typename T>
void turn_samples(const Shape& stored, std::vector<T>& elements) {
    std::vector<T> sample(stored.size());
    for (std::size_t first = 0; first < elements.size(); first += sample.size()) {
        const std::span<T> place = std::span(elements).subspan(first, sample.size());
        std::ranges::copy(place, sample.begin());
        to_channels_last<T>(stored, sample, place);
    }
}

void copy_rows(const IdxArray& array, std::span<const std::uint64_t> indices, float scale, Matrix out) {
    const std::size_t width = out.columns();
    for (std::size_t row = 0; row < indices.size(); ++row) {
        const std::size_t first = indices[row] * width;
        if (array.values.empty())
            math::from_bytes(std::span(array.bytes).subspan(first, width), scale, 0.0F, out.row(row));
        else
            math::scale(std::span(array.values).subspan(first, width), scale, out.row(row));
    }
}

}  // namespace

IdxSource::IdxSource(const Options& options)
    : name_(std::filesystem::path(options.inputs).filename().string()),
      scale_(options.scale),
      inputs_(read_idx_file(options.inputs)) {
    const Shape stored = sample_shape(inputs_);
    input_shape_ = in_memory(options.layout, stored);
    if (input_shape_ != stored) {
        turn_samples(stored, inputs_.bytes);
        turn_samples(stored, inputs_.values);
    }
    if (stored.rank() == 2) input_shape_ = {stored[0], stored[1], 1};
    if (!options.targets) return;
    targets_ = read_idx_file(*options.targets);
    target_shape_ = sample_shape(*targets_);
    if (targets_->extents[0] != size())
        throw DataError(options.inputs + " has " + std::to_string(size()) + " samples, but " +
                        *options.targets + " has " + std::to_string(targets_->extents[0]) +
                        "; they must be of the same set");
}

void IdxSource::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    if (!out.inputs.empty()) copy_rows(inputs_, indices, scale_, out.inputs);
    if (!out.targets.empty()) copy_rows(*targets_, indices, 1.0F, out.targets);
}

const TypeHelp& IdxSource::help() {
    static const TypeHelp help{.summary = "the files of MNIST and its relatives, also compressed with gzip",
                               .keys = {{"inputs", "required", "file"},
                                        {"targets", "none", "file"},
                                        source_keys::kScale,
                                        source_keys::kLayout,
                                        source_keys::kFirst}};
    return help;
}

std::unique_ptr<Source> IdxSource::from_config(const Config& keys) {
    const auto directory = keys.get<std::string>("directory");
    Options options{.inputs = data_file(keys.at("inputs"), directory),
                    .scale = source_keys::scale(keys, 1.0),
                    .layout = read_layout(keys)};
    if (keys.contains("targets")) options.targets = data_file(keys.at("targets"), directory);
    return std::make_unique<IdxSource>(options);
}

}  // namespace lockstep
