#include <utility>

#include <lockstep/core/error.h>
#include <lockstep/data/joined_source.h>
#include <lockstep/math/kernels.h>

#include "joined_arrays.h"

namespace lockstep {

namespace {

const Shape kNoTargets{0};

void require_same_size(const JoinedArrays& inputs, const JoinedArrays* other) {
    if (other != nullptr && other->rows() != inputs.rows())
        throw DataError(inputs.name() + ": expected targets and weights of as many samples, got " +
                        std::to_string(inputs.rows()) + " samples here, but " +
                        std::to_string(other->rows()) + " in " + other->name());
}

}  // namespace

JoinedSource::JoinedSource(std::string name, Parts parts, float scale)
    : name_(std::move(name)), parts_(std::move(parts)), scale_(scale) {
    for (const JoinedArrays* other : {parts_.targets.get(), parts_.weights.get()})
        require_same_size(*parts_.inputs, other);
    if (parts_.weights && parts_.weights->shape().size() != 1)
        throw DataError(parts_.weights->name() + ": expected one weight per sample, got samples of shape " +
                        parts_.weights->shape().to_string());
}

JoinedSource::~JoinedSource() = default;

std::uint64_t JoinedSource::size() const {
    return parts_.inputs->rows();
}
const Shape& JoinedSource::input_shape() const {
    return parts_.inputs->shape();
}
const Shape& JoinedSource::target_shape() const {
    return parts_.targets ? parts_.targets->shape() : kNoTargets;
}

void JoinedSource::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    if (!out.inputs.empty()) {
        parts_.inputs->read(indices, out.inputs);
        if (scale_ != 1.0F) math::scale(out.inputs.values(), scale_, out.inputs.values());
    }
    if (!out.targets.empty()) parts_.targets->read(indices, out.targets);
    if (!out.weights.empty()) parts_.weights->read(indices, {out.weights.data(), indices.size(), 1});
}

}  // namespace lockstep
