#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/initializer.h>

namespace lockstep {

/// Every value is the same.
class Constant final : public Initializer {
public:
    struct Options {
        double value = 0.0;
    };
    /// Throws ConfigError unless the value is finite.
    explicit Constant(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Initializer> from_config(const Config& keys);

    std::string_view type() const override { return "constant"; }
    Config config() const override;
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override;

private:
    Options options_;
};

/// "zeros" and "ones".
std::unique_ptr<Initializer> make_zeros();
std::unique_ptr<Initializer> make_ones();

}  // namespace lockstep
