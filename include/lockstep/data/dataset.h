#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <lockstep/data/feature_scaling.h>
#include <lockstep/data/source.h>

namespace lockstep {

/// What training and evaluation walk over: a range of a source, with the scaling of inputs and targets.
/// Copies share the source and take turns in reading it, so that copies may be used on different threads.
class Dataset {
public:
    /// All samples of `source`. Throws DataError if it has none.
    explicit Dataset(std::shared_ptr<const Source> source);

    std::uint64_t size() const { return count_; }
    const Shape& input_shape() const;
    const Shape& target_shape() const;
    bool has_targets() const;
    bool has_weights() const;
    bool may_block() const;
    /// "idx train-images-idx3-ubyte.gz, samples 54000 to 59999"
    std::string describe() const;

    /// Samples [first, first + count). Throws DataError if there are not so many, or if count is 0.
    Dataset slice(std::uint64_t first, std::uint64_t count) const;

    /// Splits off the last samples, before any shuffling, as Keras' validation_split does: the first part has
    /// floor(size * (1 - fraction)) samples. Throws ConfigError unless 0 < fraction < 1 and both parts have
    /// samples.
    struct Parts;
    Parts split(double fraction) const;

    /// The same samples, inputs and targets scaled (in place of any scaling that this one has). An empty one
    /// changes nothing. Throws ShapeError if one has another number of features.
    Dataset scaled(std::optional<FeatureScaling> inputs, std::optional<FeatureScaling> targets) const;
    /// The same samples with these weights, one per sample, in place of any that they have. Throws ShapeError
    /// if there are more or fewer.
    Dataset weighted(std::vector<float> weights) const;

    const std::optional<FeatureScaling>& input_scaling() const { return inputs_; }
    const std::optional<FeatureScaling>& target_scaling() const { return targets_; }

    const std::shared_ptr<const Source>& source() const { return source_; }
    /// The same range and scaling of a source that holds the same samples, such as a CachedSource. Throws
    /// DataError if it has another number or shape of them.
    Dataset over(std::shared_ptr<const Source> source) const;

    /// Writes sample indices[i] (of this dataset) to row i of what is wanted, scaled; allocates nothing
    /// itself. Precondition: all indices < size(). Throws DataError or IoError.
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const;

    /// Throws DataError naming the first sample in [first, first + count) that has a target that is no whole
    /// number in [0, classes). Ranks share the work by giving different ranges.
    void check_labels(std::size_t classes, std::uint64_t first, std::uint64_t count) const;

private:
    std::shared_ptr<const Source> source_;
    std::shared_ptr<std::mutex> turn_;  // one reader of the source at a time
    std::uint64_t first_ = 0;
    std::uint64_t count_ = 0;
    std::optional<FeatureScaling> inputs_, targets_;
    std::shared_ptr<const std::vector<float>> weights_;  // null: the source's, if it has any
    std::uint64_t first_weighted_ = 0;                   // the source's sample that the first of them is for
};

struct Dataset::Parts {
    Dataset first;
    Dataset last;
};

}  // namespace lockstep
