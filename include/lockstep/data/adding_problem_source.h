#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/random.h>
#include <lockstep/core/registry.h>
#include <lockstep/data/source.h>

namespace lockstep {

/// The adding problem, a synthetic task for memory over many steps (Hochreiter and Schmidhuber, "Long
/// short-term memory", 1997; as in Le, Jaitly and Hinton, arXiv:1504.00941): a sequence of pairs of a number,
/// uniform in [0, 1), and a mark, which is 1 at one step of the first half and one of the second half, else
/// 0. The target is the sum of the two marked numbers. Always to say 1 has a mean squared error of 1/6.
class AddingProblemSource final : public Source {
public:
    struct Options {
        std::uint64_t samples = 0;
        std::size_t length = 50;  // steps
        std::uint64_t seed = 0;
        std::uint64_t stream = 0;  // other streams have other samples
    };

    /// Throws ConfigError if there are fewer than 2 steps.
    explicit AddingProblemSource(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Source> from_config(const Config& keys);

    std::uint64_t size() const override { return options_.samples; }
    const Shape& input_shape() const override { return input_shape_; }
    const Shape& target_shape() const override { return target_shape_; }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override;
    std::string describe() const override { return "adding_problem"; }

private:
    Options options_;
    RandomStream random_;
    Shape input_shape_, target_shape_{1};
    mutable std::vector<float> numbers_;  // of one sample
};

}  // namespace lockstep
