#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/data/array_source.h>

#include "counting_source.h"

namespace lockstep {
namespace {

using testing::ElementsAre;

TEST(ArraySource, GivesTheRowsThatAreAskedFor) {
    const ArraySource source({.inputs = {0, 1, 10, 11, 20, 21}, .targets = {5, 6, 7}, .input_shape = {2}});
    EXPECT_EQ(source.size(), 3U);
    EXPECT_FALSE(source.has_weights());
    const Rows rows = read_rows(source, {2, 0});
    EXPECT_THAT(rows.inputs, ElementsAre(20, 21, 0, 1));
    EXPECT_THAT(rows.targets, ElementsAre(7, 5));
}

TEST(ArraySource, NeedsNoTargets) {
    const ArraySource source({.inputs = {1, 2}, .input_shape = {1}});
    EXPECT_FALSE(source.has_targets());
    EXPECT_EQ(source.size(), 2U);
}

TEST(ArraySource, RefusesSizesThatDoNotFit) {
    EXPECT_THROW(ArraySource({.inputs = {1, 2, 3}, .input_shape = {2}}), ShapeError);
    EXPECT_THROW(ArraySource({.inputs = {1, 2}, .targets = {1}, .input_shape = {1}}), ShapeError);
    EXPECT_THROW(ArraySource({.inputs = {1, 2}, .weights = {1}, .input_shape = {1}}), ShapeError);
}

}  // namespace
}  // namespace lockstep
