#include <limits>

#include <gtest/gtest.h>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/error.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shape.h>

namespace lockstep {
namespace {

TEST(Shape, CountsItsElements) {
    EXPECT_EQ(Shape({28, 28, 3}).size(), 2352U);
    EXPECT_EQ(Shape().size(), 1U);
    EXPECT_EQ(Shape({4, 0}).size(), 0U);
    EXPECT_EQ(Shape({28, 28, 1}).to_string(), "[28, 28, 1]");
    EXPECT_EQ(Shape().to_string(), "[]");
}

TEST(Shape, RefusesMoreElementsThanCanBeCounted) {
    const std::size_t huge = std::numeric_limits<std::size_t>::max();
    EXPECT_EQ(Shape({huge, 1}).size(), huge);
    EXPECT_THROW((void)Shape({huge / 2 + 1, 2}).size(), ShapeError);
    EXPECT_EQ(Shape({huge, huge, 0}).size(), 0U);
}

TEST(AlignedBuffer, IsZeroedAndAligned) {
    const AlignedBuffer<float> buffer(1001);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % kCacheLine, 0U);
    for (const float value : buffer.span()) ASSERT_EQ(value, 0.0F);
    EXPECT_TRUE(AlignedBuffer<float>(0).empty());
}

TEST(MatrixView, RowsLieOneBehindTheOther) {
    float values[] = {0, 1, 2, 3, 4, 5};
    const Matrix matrix(values, 3, 2);
    EXPECT_EQ(matrix.row(1)[1], 3.0F);
    EXPECT_EQ(matrix.rows(1, 2).row(1)[0], 4.0F);
    EXPECT_EQ(matrix.rows(1, 2).size(), 4U);
}

}  // namespace
}  // namespace lockstep
