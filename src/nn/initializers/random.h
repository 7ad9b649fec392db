#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/initializer.h>

namespace lockstep {

/// Uniform in [minval, maxval).
class RandomUniform final : public Initializer {
public:
    struct Options {
        double minval = -0.05;
        double maxval = 0.05;
    };
    /// Throws ConfigError unless both are finite and minval <= maxval.
    explicit RandomUniform(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Initializer> from_config(const Config& keys);

    std::string_view type() const override { return "random_uniform"; }
    Config config() const override;
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override;

private:
    Options options_;
};

/// Of a normal distribution.
struct NormalOptions {
    double mean = 0.0;
    double stddev = 0.05;
};

class RandomNormal final : public Initializer {
public:
    using Options = NormalOptions;
    /// Throws ConfigError unless both are finite and stddev >= 0.
    explicit RandomNormal(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Initializer> from_config(const Config& keys);

    std::string_view type() const override { return "random_normal"; }
    Config config() const override;
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override;

private:
    Options options_;
};

/// As RandomNormal, but values farther than two stddev from the mean are drawn again.
class TruncatedNormal final : public Initializer {
public:
    using Options = NormalOptions;
    /// Throws ConfigError unless both are finite and stddev >= 0.
    explicit TruncatedNormal(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Initializer> from_config(const Config& keys);

    std::string_view type() const override { return "truncated_normal"; }
    Config config() const override;
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override;

private:
    Options options_;
};

}  // namespace lockstep
