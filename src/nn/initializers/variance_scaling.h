#pragma once

#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/nn/initializer.h>

namespace lockstep {

/// Random numbers of mean 0 and the variance scale / fan, where fan is fan_in, fan_out or the mean of both
/// (Glorot and Bengio, AISTATS 2010; He et al., ICCV 2015; LeCun et al., "Efficient backprop", 1998):
///
///                      uniform           truncated_normal, untruncated_normal
///     fan_avg, 1       glorot_uniform    glorot_normal
///     fan_in, 2        he_uniform        he_normal
///     fan_in, 1        lecun_uniform     lecun_normal
///
/// A uniform distribution has limits of sqrt(3 scale / fan); a truncated one is widened, so that its variance
/// is as asked.
class VarianceScaling final : public Initializer {
public:
    struct Options {
        double scale = 1.0;
        std::string mode = "fan_in";
        std::string distribution = "truncated_normal";
    };
    /// Throws ConfigError unless scale > 0, and mode and distribution are among those above.
    explicit VarianceScaling(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Initializer> from_config(const Config& keys);

    std::string_view type() const override { return "variance_scaling"; }
    Config config() const override;
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override;

private:
    double sigma(const Shape& shape) const;

    Options options_;
};

/// A VarianceScaling that goes by a name of its own.
class NamedScaling final : public Initializer {
public:
    /// `type` is a literal.
    NamedScaling(std::string_view type, VarianceScaling::Options options)
        : type_(type), scaling_(std::move(options)) {}

    std::string_view type() const override { return type_; }
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override {
        scaling_.fill(shape, stream, values);
    }

private:
    std::string_view type_;
    VarianceScaling scaling_;
};

}  // namespace lockstep
