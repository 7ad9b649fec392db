#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <lockstep/data/source.h>

namespace lockstep {

/// Samples that a program has in memory, such as the results of its own simulation. Every rank must give the
/// same ones.
///
///     Dataset data(std::make_shared<ArraySource>(
///         ArraySource::Options{.inputs = x, .targets = y, .input_shape = {10}, .target_shape = {1}}));
class ArraySource final : public Source {
public:
    struct Options {
        std::vector<float> inputs = {};   // [samples, input_shape]
        std::vector<float> targets = {};  // [samples, target_shape]; empty: none
        std::vector<float> weights = {};  // [samples]; empty: none
        Shape input_shape;
        Shape target_shape = {1};
        std::string name = "array";  // for messages
    };

    /// Throws ShapeError if the sizes do not fit each other.
    explicit ArraySource(Options options);

    std::uint64_t size() const override { return samples_; }
    const Shape& input_shape() const override { return options_.input_shape; }
    const Shape& target_shape() const override { return options_.target_shape; }
    bool has_targets() const override { return !options_.targets.empty(); }
    bool has_weights() const override { return !options_.weights.empty(); }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override;
    std::string describe() const override { return options_.name; }

private:
    Options options_;
    std::uint64_t samples_;
};

}  // namespace lockstep
