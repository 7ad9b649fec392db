#include <cmath>
#include <limits>

#include <lockstep/math/kernels.h>

#include "kernel_test.h"

namespace lockstep::math {
namespace {

TEST(VectorKernels, Add) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded a(normal_values(size, 1), offset), b(normal_values(size, 2), 1), out(size, offset);
        add(a.span(), b.span(), out.span());
        for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(out.span()[i], a.span()[i] + b.span()[i]);
        EXPECT_TRUE(out.untouched_outside());
    });
}

TEST(VectorKernels, AddInPlace) {
    Guarded a(normal_values(37, 1), 1), b(normal_values(37, 2), 2);
    const auto before = a.values();
    add(a.span(), b.span(), a.span());
    for (std::size_t i = 0; i < 37; ++i) EXPECT_EQ(a.span()[i], before[i] + b.span()[i]);
}

TEST(VectorKernels, Scale) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded a(normal_values(size, 1), offset), out(size, offset);
        scale(a.span(), 0.3F, out.span());
        for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(out.span()[i], a.span()[i] * 0.3F);
        EXPECT_TRUE(out.untouched_outside());
    });
}

TEST(VectorKernels, Clip) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded values(normal_values(size, 1), offset);
        const auto before = values.values();
        clip(values.span(), 0.5F);
        for (std::size_t i = 0; i < size; ++i)
            EXPECT_EQ(values.span()[i], std::clamp(before[i], -0.5F, 0.5F));
        EXPECT_TRUE(values.untouched_outside());
    });
}

TEST(VectorKernels, ClipDoesNotHideNaN) {
    std::vector<float> values(21, 3.0F);
    values[2] = values[20] = std::numeric_limits<float>::quiet_NaN();
    clip(values, 1.0F);
    EXPECT_TRUE(std::isnan(values[2]));
    EXPECT_TRUE(std::isnan(values[20]));
    EXPECT_EQ(values[3], 1.0F);
}

TEST(VectorKernels, FromBytes) {
    for_each_span([](std::size_t size, std::size_t offset) {
        std::vector<std::uint8_t> bytes(offset + size);
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(255 - 7 * i);
        Guarded out(size, offset);
        from_bytes(std::span(bytes).subspan(offset), 1 / 255.0F, -0.5F, out.span());
        for (std::size_t i = 0; i < size; ++i) {
            EXPECT_EQ(out.span()[i], std::fma(static_cast<float>(bytes[offset + i]), 1 / 255.0F, -0.5F));
        }
        EXPECT_TRUE(out.untouched_outside());
    });
}

TEST(VectorKernels, Affine) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded a(normal_values(size, 1), offset), b(normal_values(size, 2), 1), c(normal_values(size, 3), 3);
        Guarded out(size, 2);
        affine(a.span(), b.span(), c.span(), out.span());
        for (std::size_t i = 0; i < size; ++i) {
            EXPECT_EQ(out.span()[i], std::fma(a.span()[i], b.span()[i], c.span()[i]));
        }
        EXPECT_TRUE(out.untouched_outside());
    });
}

TEST(VectorKernels, AddBias) {
    for_each_span([](std::size_t columns, std::size_t offset) {
        constexpr std::size_t kRows = 3;
        Guarded bias(normal_values(columns, 1), offset), values(normal_values(kRows * columns, 2), offset);
        const auto before = values.values();
        add_bias(bias.span(), kRows, values.span());
        for (std::size_t i = 0; i < before.size(); ++i) {
            EXPECT_EQ(values.span()[i], before[i] + bias.span()[i % columns]);
        }
        EXPECT_TRUE(values.untouched_outside());
    });
}

TEST(VectorKernels, NothingToDoIsNoError) {
    add({}, {}, {});
    scale({}, 1.0F, {});
    clip({}, 1.0F);
    add_bias({}, 0, {});
    sum_rows({}, 0, {});
    softmax({}, 0, {});
    EXPECT_EQ(sum_of_squares({}), 0.0);
    EXPECT_TRUE(all_finite({}));
}

}  // namespace
}  // namespace lockstep::math
