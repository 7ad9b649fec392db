#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/constraint.h>

namespace lockstep {

/// What is below 0 becomes 0.
class NonNeg final : public Constraint {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Constraint> from_config(const Config& keys);

    std::string_view type() const override { return "non_neg"; }
    bool is_elementwise() const override { return true; }
    void apply(const Shape& shape, std::span<float> weight) const override;
};

}  // namespace lockstep
