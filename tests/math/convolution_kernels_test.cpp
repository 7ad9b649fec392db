#include <array>
#include <ostream>

#include <lockstep/math/convolution.h>

#include "kernel_test.h"

namespace lockstep::math {
namespace {

/// Windows of `taps` x `taps` on an image.
struct Geometry {
    std::size_t rows, columns, stride, taps, dilation, channels;

    std::size_t width() const { return (columns - 1) * stride + (taps - 1) * dilation + 1; }
    std::size_t height() const { return (rows - 1) * stride + (taps - 1) * dilation + 1; }
    ImageWindows windows() const {
        const std::size_t line = width() * channels;
        return {.rows = rows,
                .columns = columns,
                .row_step = stride * line,
                .column_step = stride * channels,
                .tap_rows = taps,
                .tap_columns = taps,
                .tap_row_step = dilation * line,
                .tap_column_step = dilation * channels,
                .channels = channels};
    }
    friend std::ostream& operator<<(std::ostream& out, const Geometry& g) {
        return out << g.rows << " x " << g.columns << " windows of " << g.taps << ", strides " << g.stride
                   << ", dilation " << g.dilation << ", channels " << g.channels;
    }

    /// Calls visit(window, tap, place of the tap's pixel) for all taps of all windows.
    template <typename Visit>
    void for_each_tap(Visit visit) const {
        for (std::size_t window = 0; window < rows * columns; ++window)
            for (std::size_t tap = 0; tap < taps * taps; ++tap) {
                const std::size_t row = window / columns * stride + tap / taps * dilation;
                const std::size_t column = window % columns * stride + tap % taps * dilation;
                visit(window, tap, row * width() + column);
            }
    }
};

void expect_near(std::span<const float> got, const std::vector<double>& expected) {
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], 1e-4) << i;
}

class ConvolutionKernels : public testing::TestWithParam<Geometry> {
protected:
    const Geometry g = GetParam();
    const std::vector<float> x = normal_values(g.height() * g.width() * g.channels, 1);
};

TEST_P(ConvolutionKernels, Depthwise) {
    const std::size_t c = g.channels;
    const auto kernel = normal_values(g.taps * g.taps * c, 2);
    std::vector<double> expected(g.rows * g.columns * c);
    g.for_each_tap([&](std::size_t window, std::size_t tap, std::size_t place) {
        for (std::size_t i = 0; i < c; ++i)
            expected[window * c + i] += double{x[place * c + i]} * double{kernel[tap * c + i]};
    });
    Guarded y(expected.size(), 1);
    depthwise(g.windows(), x.data(), kernel.data(), y.span().data());
    expect_near(y.span(), expected);
    EXPECT_TRUE(y.untouched_outside());
}

TEST_P(ConvolutionKernels, DepthwiseKernelGradientIsAdded) {
    const std::size_t c = g.channels;
    const auto dy = normal_values(g.rows * g.columns * c, 3);
    Guarded gradient(normal_values(g.taps * g.taps * c, 4), 1);
    std::vector<double> expected(gradient.span().begin(), gradient.span().end());
    g.for_each_tap([&](std::size_t window, std::size_t tap, std::size_t place) {
        for (std::size_t i = 0; i < c; ++i)
            expected[tap * c + i] += double{x[place * c + i]} * double{dy[window * c + i]};
    });
    depthwise_kernel_gradient(g.windows(), x.data(), dy.data(), gradient.span().data());
    expect_near(gradient.span(), expected);
    EXPECT_TRUE(gradient.untouched_outside());
}

/// With taps side by side.
class DenseConvolutionKernels : public ConvolutionKernels {
protected:
    static constexpr std::array<std::size_t, 4> kFilters{1, 16, 37, 64};
};

TEST_P(DenseConvolutionKernels, Convolve) {
    for (const std::size_t filters : kFilters) {
        const std::size_t c = g.channels;
        const auto kernel = normal_values(g.taps * g.taps * c * filters, 2);
        std::vector<double> expected(g.rows * g.columns * filters);
        g.for_each_tap([&](std::size_t window, std::size_t tap, std::size_t place) {
            for (std::size_t i = 0; i < c; ++i)
                for (std::size_t f = 0; f < filters; ++f)
                    expected[window * filters + f] +=
                        double{x[place * c + i]} * double{kernel[(tap * c + i) * filters + f]};
        });
        Guarded y(expected.size(), 1);
        convolve(g.windows(), x.data(), kernel.data(), filters, y.span().data());
        expect_near(y.span(), expected);
        EXPECT_TRUE(y.untouched_outside());
    }
}

TEST_P(DenseConvolutionKernels, KernelGradientIsAdded) {
    for (const std::size_t filters : kFilters) {
        const std::size_t c = g.channels;
        const auto dy = normal_values(g.rows * g.columns * filters, 3);
        Guarded gradient(normal_values(g.taps * g.taps * c * filters, 4), 1);
        std::vector<double> expected(gradient.span().begin(), gradient.span().end());
        g.for_each_tap([&](std::size_t window, std::size_t tap, std::size_t place) {
            for (std::size_t i = 0; i < c; ++i)
                for (std::size_t f = 0; f < filters; ++f)
                    expected[(tap * c + i) * filters + f] +=
                        double{x[place * c + i]} * double{dy[window * filters + f]};
        });
        convolve_kernel_gradient(g.windows(), x.data(), dy.data(), filters, gradient.span().data());
        expect_near(gradient.span(), expected);
        EXPECT_TRUE(gradient.untouched_outside());
    }
}

// Vectors and parts of them, sums that registers hold at once and more, single windows and taps.
INSTANTIATE_TEST_SUITE_P(All, ConvolutionKernels,
                         testing::Values(Geometry{1, 1, 1, 1, 1, 1}, Geometry{3, 28, 1, 3, 1, 16},
                                         Geometry{4, 13, 1, 3, 1, 37}, Geometry{5, 9, 2, 3, 1, 48},
                                         Geometry{2, 29, 2, 3, 1, 17}, Geometry{6, 10, 1, 5, 1, 3},
                                         Geometry{2, 5, 3, 2, 2, 20}));
INSTANTIATE_TEST_SUITE_P(All, DenseConvolutionKernels,
                         testing::Values(Geometry{1, 1, 1, 1, 1, 1}, Geometry{3, 28, 1, 3, 1, 16},
                                         Geometry{9, 13, 1, 3, 1, 5}, Geometry{5, 29, 2, 3, 1, 7},
                                         Geometry{70, 1, 1, 5, 1, 3}));

}  // namespace
}  // namespace lockstep::math
