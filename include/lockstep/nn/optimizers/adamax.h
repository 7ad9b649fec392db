#pragma once

#include <utility>

#include <lockstep/nn/optimizers/adaptive_moments.h>

namespace lockstep {

/// Adam with the largest magnitude in place of the mean square (Kingma and Ba, ICLR 2015, section 7.1); t
/// counts updates from 1:
///
///     m += (g - m) (1 - beta_1),   u = max(beta_2 * u, |g|)
///     w -= rate / (1 - beta_1^t) * m / (u + epsilon)
class Adamax final : public AdaptiveMoments {
public:
    /// Throws ConfigError as AdaptiveMoments does.
    explicit Adamax(Options options) : AdaptiveMoments(std::move(options)) {}

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "adamax"; }
    /// {"momentum", "norm"}: m and u.
    std::vector<std::string> slots() const override;
    void update(const SliceUpdate& slice) const override;
};

}  // namespace lockstep
