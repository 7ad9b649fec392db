#pragma once

#include <lockstep/nn/optimizers/adaptive_moments.h>

namespace lockstep {

/// Adaptive moments for large batches: every weight moves by a part of its own norm (You et al., "Large batch
/// optimization for deep learning", ICLR 2020), in Keras' form; t counts updates from 1:
///
///     m += (g - m) (1 - beta_1),   v += (g^2 - v) (1 - beta_2)
///     d = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon)
///     w -= rate * |w| / |d| * d
///
/// Norms are those of a whole weight (a kernel, a bias); where one of them is 0, their quotient counts as 1.
class Lamb final : public AdaptiveMoments {
public:
    /// Throws ConfigError if there is a clipnorm or global_clipnorm, and as AdaptiveMoments does.
    explicit Lamb(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "lamb"; }
    bool needs_norms() const override { return true; }
    double measure(const SliceUpdate& slice) const override;
    void update(const SliceUpdate& slice) const override;

private:
    template <typename Use>
    void walk(const SliceUpdate& slice, Use use) const;
};

}  // namespace lockstep
