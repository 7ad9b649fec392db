#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/initializer.h>

namespace lockstep {

struct GainOptions {
    double gain = 1.0;
};

/// gain * Q, where Q [all extents but the last, the last] is a random matrix with orthonormal columns, or
/// with orthonormal rows if it has fewer rows than columns (Saxe, McClelland and Ganguli, ICLR 2014): what a
/// QR decomposition of normal numbers gives, the diagonal of R positive.
class Orthogonal final : public Initializer {
public:
    using Options = GainOptions;
    /// Throws ConfigError unless gain is finite.
    explicit Orthogonal(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Initializer> from_config(const Config& keys);

    std::string_view type() const override { return "orthogonal"; }
    Config config() const override;
    /// Throws ShapeError for fewer than two axes.
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override;

private:
    Options options_;
};

/// gain on the diagonal of a matrix, zero elsewhere.
class Identity final : public Initializer {
public:
    using Options = GainOptions;
    /// Throws ConfigError unless gain is finite.
    explicit Identity(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Initializer> from_config(const Config& keys);

    std::string_view type() const override { return "identity"; }
    Config config() const override;
    /// Throws ShapeError unless there are two axes.
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override;

private:
    Options options_;
};

}  // namespace lockstep
