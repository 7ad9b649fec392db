#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include <lockstep/core/error.h>
#include <lockstep/data/dataset.h>

#include "sample_rows.h"

namespace lockstep {

namespace {

/// Samples that are read at once: their indices in the source fit the stack.
constexpr std::size_t kPiece = 1024;

void require_fit(const std::optional<FeatureScaling>& scaling, const Shape& shape, const char* what) {
    if (scaling && scaling->factor.size() != shape.size())
        throw ShapeError(std::string("scaling of ") + what + ": expected " + std::to_string(shape.size()) +
                         " features, as the data have, got " + std::to_string(scaling->factor.size()));
}

bool is_label(float value, std::size_t classes) {
    return value >= 0.0F && value < static_cast<float>(classes) && value == std::floor(value);
}

}  // namespace

Dataset::Dataset(std::shared_ptr<const Source> source)
    : source_(std::move(source)), turn_(std::make_shared<std::mutex>()), count_(source_->size()) {
    if (count_ == 0) throw DataError(source_->describe() + ": there are no samples");
}

const Shape& Dataset::input_shape() const {
    return source_->input_shape();
}
const Shape& Dataset::target_shape() const {
    return source_->target_shape();
}
bool Dataset::has_targets() const {
    return source_->has_targets();
}
bool Dataset::has_weights() const {
    return weights_ != nullptr || source_->has_weights();
}
bool Dataset::may_block() const {
    return source_->may_block();
}

std::string Dataset::describe() const {
    if (count_ == source_->size()) return source_->describe();
    return source_->describe() + ", samples " + std::to_string(first_) + " to " +
           std::to_string(first_ + count_ - 1);
}

Dataset Dataset::slice(std::uint64_t first, std::uint64_t count) const {
    if (count == 0) throw DataError(describe() + ": asked for no samples");
    if (first > count_ || count > count_ - first)
        throw DataError(describe() + ": asked for " + std::to_string(count) + " samples from sample " +
                        std::to_string(first) + " on; there are " + std::to_string(count_));
    Dataset part = *this;
    part.first_ += first;
    part.count_ = count;
    return part;
}

Dataset::Parts Dataset::split(double fraction) const {
    if (!(fraction > 0.0 && fraction < 1.0))
        throw ConfigError("validation_split: expected a number between 0 and 1, got " +
                          std::to_string(fraction));
    const auto kept = static_cast<std::uint64_t>(std::floor(static_cast<double>(count_) * (1.0 - fraction)));
    if (kept == 0 || kept >= count_)
        throw ConfigError("validation_split: " + std::to_string(fraction) + " of " + std::to_string(count_) +
                          " samples leaves one part without samples");
    return {.first = slice(0, kept), .last = slice(kept, count_ - kept)};
}

Dataset Dataset::scaled(std::optional<FeatureScaling> inputs, std::optional<FeatureScaling> targets) const {
    require_fit(inputs, input_shape(), "inputs");
    require_fit(targets, target_shape(), "targets");
    Dataset made = *this;
    if (inputs) made.inputs_ = std::move(inputs);
    if (targets) made.targets_ = std::move(targets);
    return made;
}

Dataset Dataset::over(std::shared_ptr<const Source> source) const {
    if (source->size() != source_->size() || source->input_shape() != input_shape() ||
        source->target_shape() != target_shape())
        throw DataError(source->describe() + ": expected the samples of " + source_->describe());
    Dataset made = *this;
    made.source_ = std::move(source);
    made.turn_ = std::make_shared<std::mutex>();
    return made;
}

Dataset Dataset::weighted(std::vector<float> weights) const {
    if (weights.size() != count_)
        throw ShapeError(describe() + ": expected " + std::to_string(count_) +
                         " sample weights, one per sample, got " + std::to_string(weights.size()));
    Dataset made = *this;
    made.weights_ = std::make_shared<const std::vector<float>>(std::move(weights));
    made.first_weighted_ = first_;
    return made;
}

void Dataset::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    std::array<std::uint64_t, kPiece> places;
    const std::lock_guard lock(*turn_);
    for (std::size_t done = 0; done < indices.size(); done += kPiece) {
        const std::size_t count = std::min(kPiece, indices.size() - done);
        for (std::size_t i = 0; i < count; ++i) places[i] = indices[done + i] + first_;
        SampleRows piece = part_of(out, done, count);
        if (weights_ != nullptr) {
            for (std::size_t i = 0; i < piece.weights.size(); ++i)
                piece.weights[i] = (*weights_)[places[i] - first_weighted_];
            piece.weights = {};
        }
        source_->read(std::span(places).first(count), piece);
    }
    if (inputs_ && !out.inputs.empty()) inputs_->apply(out.inputs);
    if (targets_ && !out.targets.empty()) targets_->apply(out.targets);
}

void Dataset::check_labels(std::size_t classes, std::uint64_t first, std::uint64_t count) const {
    const std::size_t width = target_shape().size();
    std::vector<float> labels(kPiece * width);
    std::vector<std::uint64_t> indices(kPiece);
    for (std::uint64_t done = 0; done < count; done += kPiece) {
        const std::size_t rows = std::min<std::uint64_t>(kPiece, count - done);
        std::iota(indices.begin(), indices.end(), first + done);
        read(std::span(indices).first(rows),
             {.inputs = {}, .targets = {labels.data(), rows, width}, .weights = {}});
        for (std::size_t i = 0; i < rows * width; ++i) {
            if (!is_label(labels[i], classes))
                throw DataError(
                    source_->describe() + ": sample " + std::to_string(first_ + first + done + i / width) +
                    ": expected a label that is a whole number from 0 to " + std::to_string(classes - 1) +
                    ", got " + std::to_string(labels[i]) + "; units of the last layer = number of classes");
        }
    }
}

}  // namespace lockstep
