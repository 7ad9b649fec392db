#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/gru.h>
#include <lockstep/nn/layers/lstm.h>

#include "layer_walk.h"
#include "random_values.h"

using namespace lockstep;
using testing::Each;
using testing::ElementsAre;

namespace {

std::vector<float> initial_bias(const Lstm::Options& options) {
    Lstm layer(options);
    layer.build({3, 1});
    std::vector<float> values(4 * options.units, 9.0F);
    layer.weights()[2].initializer->fill({values.size()}, {1, Purpose::initial_weights}, values);
    return values;
}

TEST(Lstm, ForgetGateStartsOpen) {
    EXPECT_THAT(initial_bias({.units = 2}), ElementsAre(0, 0, 1, 1, 0, 0, 0, 0));
    EXPECT_THAT(initial_bias({.units = 2, .unit_forget_bias = false}), Each(0.0F));
}

/// A smaller shard after a larger one, as at the end of an epoch, gets what it would get alone.
template <typename Cell>
void expect_rows_are_independent() {
    const typename Cell::Options options{.units = 3, .return_sequences = true};
    LayerWalk both(std::make_unique<Cell>(options), {4, 2}, 2),
        one(std::make_unique<Cell>(options), {4, 2}, 1);
    unsigned seed = 0;
    for (auto& weight : both.weights) weight = random_values(weight.size(), ++seed);
    one.weights = both.weights;
    both.x = random_values(16, 20);
    both.dy = random_values(24, 21);
    one.x.assign(both.x.begin(), both.x.begin() + 8);
    one.dy.assign(both.dy.begin(), both.dy.begin() + 12);
    for (auto* walk : {&both, &one}) {
        walk->forward();
        walk->backward();
    }
    one.layer = std::move(both.layer);
    const auto y = one.y, dx = one.dx, recurrent_gradient = one.gradients[1];
    one.forward();
    one.backward();
    EXPECT_EQ(one.y, y);
    EXPECT_EQ(one.dx, dx);
    EXPECT_EQ(one.gradients[1], recurrent_gradient);
}

TEST(Recurrent, RowsAreIndependent) {
    expect_rows_are_independent<Lstm>();
    expect_rows_are_independent<Gru>();
}

TEST(Recurrent, ChecksItsOptions) {
    EXPECT_THROW(Lstm({.units = 0}), ConfigError);
    EXPECT_THROW(Gru({.units = 2, .recurrent_activation = "sigmoidal"}), ConfigError);
    EXPECT_THROW(Gru({.units = 2}).build({5}), ShapeError);
    EXPECT_THROW(Lstm({.units = 2}).build({5, 2, 1}), ShapeError);
}

}  // namespace
