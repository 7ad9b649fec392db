#include <cmath>
#include <functional>
#include <limits>
#include <ostream>
#include <vector>

#include <lockstep/math/kernels.h>

#include "kernel_test.h"

namespace lockstep::math {
namespace {

struct Case {
    const char* name;
    Function kernel;
    float a;
    std::function<double(double)> function;
    std::function<double(double)> derivative;
    double ulps = 12;
};

double logistic(double x) {
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}
double softplus(double x) {
    return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}
double phi(double x) {
    return std::erfc(-x / std::sqrt(2.0)) / 2;
}
double density(double x) {
    return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0));
}
double twice_u(double x) {
    return 2 * std::sqrt(2 / std::acos(-1.0)) * (x + static_cast<double>(0.044715F) * x * x * x);
}
double twice_du(double x) {
    return 2 * std::sqrt(2 / std::acos(-1.0)) * (1 + 3 * static_cast<double>(0.044715F) * x * x);
}
double clamp(double x, double low, double high) {
    return std::min(std::max(x, low), high);
}
double within(double x, double low, double high) {
    return x > low && x < high ? 1 : 0;
}
double leak(double x) {
    return x > 0 ? 1 : static_cast<double>(0.2F);
}

const std::vector<Case>& cases() {
    static const double alpha = 1.6732632423543772, scale = 1.0507009873554805;
    static const std::vector<Case> all{
        {"elu", Function::elu, 0.5F, [](double x) { return x > 0 ? x : 0.5 * std::expm1(x); },
         [](double x) { return x > 0 ? 1 : 0.5 * std::exp(x); }},
        {"exponential", Function::exponential, 0, [](double x) { return std::exp(x); },
         [](double x) { return std::exp(x); }},
        {"gelu", Function::gelu, 0, [](double x) { return x * phi(x); },
         [](double x) { return phi(x) + x * density(x); }},
        {"gelu_tanh", Function::gelu_tanh, 0, [](double x) { return x * logistic(twice_u(x)); },
         [](double x) {
             const double s = logistic(twice_u(x));
             return s + x * s * logistic(-twice_u(x)) * twice_du(x);
         },
         200},  // in the tail an exponential enlarges what rounding the cube does
        {"hard_sigmoid", Function::hard_sigmoid, 0, [](double x) { return clamp(x + 3, 0, 6) / 6; },
         [](double x) { return within(x, -3, 3) / 6; }},
        {"hard_silu", Function::hard_silu, 0, [](double x) { return x * clamp(x + 3, 0, 6) / 6; },
         [](double x) { return clamp(x + 3, 0, 6) / 6 + x * within(x, -3, 3) / 6; }},
        {"hard_tanh", Function::hard_tanh, 0, [](double x) { return clamp(x, -1, 1); },
         [](double x) { return within(x, -1, 1); }},
        {"leaky_relu", Function::leaky_relu, 0.2F, [](double x) { return leak(x) * x; }, leak},
        {"mish", Function::mish, 0, [](double x) { return x * std::tanh(softplus(x)); },
         [](double x) {
             const double t = std::tanh(softplus(x));
             return t + x * (1 - t * t) * logistic(x);
         }},
        {"relu6", Function::relu6, 0, [](double x) { return clamp(x, 0, 6); },
         [](double x) { return within(x, 0, 6); }},
        {"selu", Function::selu, 0, [](double x) { return scale * (x > 0 ? x : alpha * std::expm1(x)); },
         [](double x) { return scale * (x > 0 ? 1 : alpha * std::exp(x)); }},
        {"silu", Function::silu, 0, [](double x) { return x * logistic(x); },
         [](double x) { return logistic(x) * (1 + x * logistic(-x)); }},
        {"softplus", Function::softplus, 0, softplus, logistic},
        {"softsign", Function::softsign, 0, [](double x) { return x / (1 + std::abs(x)); },
         [](double x) { return 1 / ((1 + std::abs(x)) * (1 + std::abs(x))); }}};
    return all;
}

void PrintTo(const Case& value, std::ostream* out) {
    *out << value.name;
}

class Functions : public ::testing::TestWithParam<Case> {
protected:
    void forward(std::span<const float> x, std::span<float> y) {
        apply(GetParam().kernel, GetParam().a, x, y);
    }
    void backward(std::span<const float> x, std::span<const float> y, std::span<const float> dy,
                  std::span<float> dx) {
        apply_gradient(GetParam().kernel, GetParam().a, slope_needs_input(GetParam().kernel) ? x : y, dy, dx);
    }
};

// A relative error of about 1e-6, in the tails as well.
TEST_P(Functions, ForwardIsExact) {
    std::vector<float> x, y;
    for (int i = -1200; i <= 1200; ++i) x.push_back(static_cast<float>(i) * 0.0101F);
    y.resize(x.size());
    forward(x, y);
    for (std::size_t i = 0; i < x.size(); ++i) {
        SCOPED_TRACE(x[i]);
        expect_close(y[i], GetParam().function(x[i]), GetParam().ulps);
    }
}

TEST_P(Functions, BackwardIsTheDerivative) {
    for_each_span([this](std::size_t size, std::size_t offset) {
        Guarded x(normal_values(size, 1), offset), y(size, 1), dy(normal_values(size, 2), 2),
            dx(size, offset);
        scale(x.span(), 3.0F, x.span());
        forward(x.span(), y.span());
        backward(x.span(), y.span(), dy.span(), dx.span());
        for (std::size_t i = 0; i < size; ++i) {
            SCOPED_TRACE(x.span()[i]);
            expect_close(dx.span()[i], dy.span()[i] * GetParam().derivative(x.span()[i]), 8, 1e-6);
        }
        EXPECT_TRUE(y.untouched_outside());
        EXPECT_TRUE(dx.untouched_outside());
    });
}

TEST_P(Functions, InPlaceGivesTheSame) {
    const auto values = normal_values(37, 1);
    std::vector<float> x = values, y(37), gradient = normal_values(37, 2), dx(37);
    forward(x, y);
    backward(x, y, gradient, dx);
    forward(x, x);
    backward(values, x, gradient, gradient);
    EXPECT_EQ(x, y);
    EXPECT_EQ(gradient, dx);
}

TEST_P(Functions, LargeNumbersAreFineAndNaNIsKept) {
    const std::vector<float> x{-1e30F, -200.0F, -90.0F, 0.0F,
                               80.0F,  1e15F,   1e30F,  std::numeric_limits<float>::quiet_NaN()};
    std::vector<float> y(x.size()), dy(x.size(), 1.0F), dx(x.size());
    forward(x, y);
    backward(x, y, dy, dx);
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        SCOPED_TRACE(x[i]);
        const double expected = GetParam().function(x[i]);
        if (expected > std::numeric_limits<float>::max()) {
            EXPECT_EQ(y[i], std::numeric_limits<float>::infinity());
        } else {
            expect_close(y[i], expected, 12);
            EXPECT_TRUE(std::isfinite(dx[i])) << dx[i];
        }
    }
    EXPECT_TRUE(std::isnan(y.back()));
}

INSTANTIATE_TEST_SUITE_P(All, Functions, ::testing::ValuesIn(cases()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace lockstep::math
