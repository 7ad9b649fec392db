#include <cmath>

#include <lockstep/math/optimizer_kernels.h>

#include "kernel_test.h"

namespace lockstep::math {
namespace {

constexpr int kSteps = 4;

/// Takes a few steps of a kernel and of the same formula written down for one weight in double, from
/// the same weights and gradients. step(gradient, t) changes the kernel's weights, plain(w, g, i, t) is one
/// weight.
template <typename Step, typename Plain>
void expect_same_path(Guarded& weights, Step step, Plain plain) {
    const std::size_t size = weights.span().size();
    std::vector<double> expected(weights.span().begin(), weights.span().end());
    for (int t = 1; t <= kSteps; ++t) {
        Guarded gradient(normal_values(size, 100 + static_cast<std::uint64_t>(t)), 1);
        step(gradient.span(), t);
        for (std::size_t i = 0; i < size; ++i)
            expected[i] = plain(expected[i], double{gradient.span()[i]}, i, t);
    }
    for (std::size_t i = 0; i < size; ++i) EXPECT_NEAR(weights.span()[i], expected[i], 2e-6);
    EXPECT_TRUE(weights.untouched_outside());
}

TEST(OptimizerKernels, Sgd) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded weights(normal_values(size, 1), offset);
        expect_same_path(
            weights, [&](auto gradient, int) { sgd(gradient, 0.1F, weights.span()); },
            [](double w, double g, std::size_t, int) { return w - 0.1 * g; });
    });
}

TEST(OptimizerKernels, SgdWithMomentum) {
    for (const bool nesterov : {false, true}) {
        for_each_span([&](std::size_t size, std::size_t offset) {
            Guarded weights(normal_values(size, 1), offset), velocity(size, 2);
            std::vector<double> v(size);
            expect_same_path(
                weights,
                [&](auto gradient, int) {
                    sgd_momentum(gradient, 0.1F, 0.9F, nesterov, velocity.span(), weights.span());
                },
                [&](double w, double g, std::size_t i, int) {
                    v[i] = 0.9 * v[i] - 0.1 * g;
                    return w + (nesterov ? 0.9 * v[i] - 0.1 * g : v[i]);
                });
            EXPECT_TRUE(velocity.untouched_outside());
        });
    }
}

struct RmspropCase {
    double momentum;
    bool centered;
};

void check_rmsprop(std::size_t size, std::size_t offset, RmspropCase variant) {
    const RmspropStep step{.rate = 0.01, .rho = 0.9, .momentum = variant.momentum, .epsilon = 1e-7};
    const bool has_momentum = variant.momentum > 0;
    Guarded weights(normal_values(size, 1), offset), velocity(size, 1);
    Guarded moment(has_momentum ? size : 0, 2), mean(variant.centered ? size : 0, 3);
    std::vector<double> v(size), m(size), average(size);
    expect_same_path(
        weights,
        [&](auto gradient, int) {
            rmsprop(gradient, step, velocity.span(), moment.span(), mean.span(), weights.span());
        },
        [&](double w, double g, std::size_t i, int) {
            v[i] = 0.9 * v[i] + 0.1 * g * g;
            average[i] = variant.centered ? 0.9 * average[i] + 0.1 * g : 0.0;
            const double change = 0.01 * g / std::sqrt(v[i] - average[i] * average[i] + 1e-7);
            m[i] = variant.momentum * m[i] + change;
            return w - m[i];
        });
    EXPECT_TRUE(velocity.untouched_outside() && moment.untouched_outside() && mean.untouched_outside());
}

TEST(OptimizerKernels, Rmsprop) {
    for (const RmspropCase variant : {RmspropCase{0.0, false}, {0.0, true}, {0.5, false}, {0.5, true}}) {
        for_each_span([&](std::size_t size, std::size_t offset) { check_rmsprop(size, offset, variant); });
    }
}

double adam_alpha(int t) {
    return 0.001 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t));
}

TEST(OptimizerKernels, Adam) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded weights(normal_values(size, 1), offset), m(size, 1), v(size, 2);
        std::vector<double> first(size), second(size);
        expect_same_path(
            weights,
            [&](auto gradient, int t) {
                const AdamStep step{.alpha = adam_alpha(t), .beta_1 = 0.9, .beta_2 = 0.999, .epsilon = 1e-7};
                adam(gradient, step, m.span(), v.span(), weights.span());
            },
            [&](double w, double g, std::size_t i, int t) {
                first[i] += (g - first[i]) * (1 - 0.9);
                second[i] += (g * g - second[i]) * (1 - 0.999);
                return w - adam_alpha(t) * first[i] / (std::sqrt(second[i]) + 1e-7);
            });
        for (std::size_t i = 0; i < size; ++i) expect_close(v.span()[i], second[i], 8);
        EXPECT_TRUE(m.untouched_outside() && v.untouched_outside());
    });
}

TEST(OptimizerKernels, AWeightHasTheSameBitsWhereverItsSliceStarts) {
    const auto gradient = normal_values(kLongest, 1);
    const AdamStep step{.alpha = 0.001, .beta_1 = 0.9, .beta_2 = 0.999, .epsilon = 1e-7};
    const auto updated = [&](std::size_t first) {
        std::vector<float> weights = normal_values(kLongest, 2), m = normal_values(kLongest, 3),
                           v(kLongest, 0.5F);
        for (const auto& [from, count] :
             {std::pair{std::size_t{0}, first}, std::pair{first, kLongest - first}}) {
            const auto slice = [&, from = from, count = count](auto& values) {
                return std::span(values).subspan(from, count);
            };
            adam(slice(gradient), step, slice(m), slice(v), slice(weights));
        }
        return weights;
    };
    for (std::size_t first = 1; first < kLongest; ++first) ASSERT_EQ(updated(first), updated(0));
}

}  // namespace
}  // namespace lockstep::math
