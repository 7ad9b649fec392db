#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/multi_head_attention.h>

#include "layer_walk.h"

using namespace lockstep;

namespace {

TEST(MultiHeadAttention, ChecksItsOptions) {
    EXPECT_THROW(MultiHeadAttention({.num_heads = 0, .key_dim = 2}), ConfigError);
    EXPECT_THROW(MultiHeadAttention({.num_heads = 2, .key_dim = 0}), ConfigError);
    EXPECT_THROW(MultiHeadAttention({.num_heads = 1, .key_dim = 1}).build({3}), ShapeError);
}

/// What a causal layer does not see may even be so large that it would take all attention.
TEST(MultiHeadAttention, CausalDoesNotSeeTheFuture) {
    LayerWalk walk(std::make_unique<MultiHeadAttention>(MultiHeadAttention::Options{
                       .num_heads = 1, .key_dim = 1, .use_bias = false, .causal = true}),
                   {2, 1}, 1);
    walk.weights = {{1.0F}, {1.0F}, {1.0F}, {1.0F}};
    walk.x = {2.0F, 1e4F};
    walk.forward();
    EXPECT_EQ(walk.y[0], 2.0F);
    EXPECT_EQ(walk.y[1], 1e4F);
}

}  // namespace
