#pragma once

#include <utility>

#include <lockstep/nn/optimizers/adaptive_moments.h>

namespace lockstep {

/// Adam with Nesterov's look ahead (Dozat, ICLR workshop 2016), in Keras' form; t counts updates from 1:
///
///     u_t = beta_1 (1 - 0.5 * 0.96^t),   U_t = u_1 u_2 ... u_t
///     m += (g - m) (1 - beta_1),         v += (g^2 - v) (1 - beta_2)
///     a = u_(t+1) m / (1 - U_(t+1)) + (1 - u_t) g / (1 - U_t)
///     w -= rate * a / (sqrt(v / (1 - beta_2^t)) + epsilon)
///
/// U_t is a function of t alone: 0.96^t is below the rounding of a double from t = 900 on, so that a product
/// of at most 900 factors gives it, with nothing kept between updates.
class Nadam final : public AdaptiveMoments {
public:
    /// Throws ConfigError as AdaptiveMoments does.
    explicit Nadam(Options options) : AdaptiveMoments(std::move(options)) {}

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "nadam"; }
    void update(const SliceUpdate& slice) const override;
};

}  // namespace lockstep
