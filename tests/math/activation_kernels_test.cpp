#include <cmath>
#include <functional>
#include <limits>

#include <lockstep/math/kernels.h>

#include "kernel_test.h"

namespace lockstep::math {
namespace {

using Forward = void (*)(std::span<const float>, std::span<float>);
using Backward = void (*)(std::span<const float>, std::span<const float>, std::span<float>);

struct Activation {
    const char* name;
    Forward forward;
    Backward backward;
    std::function<double(double)> function;
    std::function<double(double)> derivative;  // of x
};

double logistic(double x) {
    return 1 / (1 + std::exp(-x));
}

const Activation kRelu{"relu", relu, relu_backward, [](double x) { return std::max(x, 0.0); },
                       [](double x) { return x > 0 ? 1.0 : 0.0; }};
const Activation kSigmoid{"sigmoid", sigmoid, sigmoid_backward, logistic,
                          [](double x) { return logistic(x) * (1 - logistic(x)); }};
const Activation kTanh{"tanh", tanh, tanh_backward, [](double x) { return std::tanh(x); },
                       [](double x) { return 1 - std::tanh(x) * std::tanh(x); }};

class Activations : public ::testing::TestWithParam<const Activation*> {};

TEST_P(Activations, Forward) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded x(normal_values(size, 1), offset), y(size, 1);
        scale(x.span(), 5.0F, x.span());
        GetParam()->forward(x.span(), y.span());
        for (std::size_t i = 0; i < size; ++i) expect_close(y.span()[i], GetParam()->function(x.span()[i]));
        EXPECT_TRUE(y.untouched_outside());
    });
}

TEST_P(Activations, Backward) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded x(normal_values(size, 1), offset), y(size, 1), dy(normal_values(size, 2), 2),
            dx(size, offset);
        GetParam()->forward(x.span(), y.span());
        GetParam()->backward(y.span(), dy.span(), dx.span());
        for (std::size_t i = 0; i < size; ++i) {
            expect_close(dx.span()[i], dy.span()[i] * GetParam()->derivative(x.span()[i]), 8, 1e-6);
        }
        EXPECT_TRUE(dx.untouched_outside());
    });
}

TEST_P(Activations, InPlaceGivesTheSame) {
    const auto values = normal_values(37, 1);
    Guarded x(values, 1), y(37, 0), gradient(normal_values(37, 2), 3), dx(37, 0);
    GetParam()->forward(x.span(), y.span());
    GetParam()->backward(y.span(), gradient.span(), dx.span());
    GetParam()->forward(x.span(), x.span());
    GetParam()->backward(x.span(), gradient.span(), gradient.span());
    EXPECT_EQ(x.values(), y.values());
    EXPECT_EQ(gradient.values(), dx.values());
}

TEST_P(Activations, AnElementHasTheSameBitsWhereverItLies) {
    const auto values = normal_values(kLongest, 1);
    std::vector<float> whole(kLongest);
    GetParam()->forward(values, whole);
    for (std::size_t first = 0; first < kLongest; ++first) {
        std::vector<float> part(kLongest - first);
        GetParam()->forward(std::span(values).subspan(first), part);
        ASSERT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(first)));
    }
}

TEST_P(Activations, ExtremesAreReachedAndNaNIsKept) {
    const float inf = std::numeric_limits<float>::infinity();
    const std::vector<float> x{-inf,  -1e30F, -200.0F, -90.0F, 0.0F,
                               90.0F, 200.0F, 1e30F,   inf,    std::numeric_limits<float>::quiet_NaN()};
    std::vector<float> y(x.size());
    GetParam()->forward(x, y);
    for (std::size_t i = 0; i < 9; ++i) {
        const double expected = GetParam()->function(x[i]);
        if (std::isinf(expected)) {
            EXPECT_EQ(y[i], expected);
        } else {
            expect_close(y[i], expected);
        }
    }
    EXPECT_TRUE(std::isnan(y.back()));
}

INSTANTIATE_TEST_SUITE_P(All, Activations, ::testing::Values(&kRelu, &kSigmoid, &kTanh),
                         [](const auto& tested) { return tested.param->name; });

}  // namespace
}  // namespace lockstep::math
