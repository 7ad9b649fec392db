#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// max(1 - target * output, 0), the mean over the features of a sample. Targets are -1 or 1; 0 counts as -1.
class Hinge final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "hinge"; }

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

/// max(1 - target * output, 0)^2, the mean over the features of a sample. Targets are -1 or 1; 0 counts as
/// -1.
class SquaredHinge final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "squared_hinge"; }

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

/// max(1 + max((1 - target) * output) - sum(target * output), 0); targets are 0 or 1 per class.
class CategoricalHinge final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "categorical_hinge"; }
    /// Throws ShapeError unless an output is one axis of at least two classes.
    Shape target_shape(const Shape& output) const override;
    std::size_t classes(const Shape& output) const override { return output.size(); }

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

}  // namespace lockstep
