#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/sequential.h>

namespace lockstep {
namespace {

Config dense() {
    return Config::table({{"type", "dense"},
                          {"units", 2},
                          {"kernel_initializer", Config::table({{"type", "constant"}, {"value", 0.5}})},
                          {"kernel_regularizer", Config::table({{"type", "l2"}, {"l2", 0.25}})},
                          {"bias_constraint", "non_neg"}});
}

TEST(LayerWeight, EveryLayerSaysTheKeysOfItsWeightsBack) {
    const Config config = make_layer(dense())->config();
    EXPECT_EQ(config.at("kernel_initializer").get<double>("value"), 0.5);
    EXPECT_EQ(config.at("kernel_regularizer").get<double>("l2"), 0.25);
    EXPECT_EQ(config.get<std::string>("bias_constraint"), "non_neg");
    EXPECT_FALSE(config.contains("kernel_constraint"));
    EXPECT_FALSE(config.contains("bias_regularizer"));
}

TEST(LayerWeight, ALayoutHasTheRegularizersAndConstraints) {
    Sequential model({3});
    model.add(make_layer(dense()));
    model.build();
    const auto& parameters = model.parameters().parameters;
    ASSERT_EQ(parameters.size(), 2U);
    EXPECT_DOUBLE_EQ(parameters[0].regularizer->penalty(std::vector{1.0F, -2.0F}), 0.25 * 5.0);
    EXPECT_EQ(parameters[0].constraint, nullptr);
    EXPECT_EQ(parameters[1].regularizer, nullptr);
    EXPECT_EQ(parameters[1].constraint->type(), "non_neg");
}

TEST(LayerWeight, DefaultsOfL1AndL2AreKeras) {
    const std::vector weight{1.0F, -2.0F};
    EXPECT_DOUBLE_EQ(make_regularizer("l1")->penalty(weight), 0.01 * 3.0);
    EXPECT_DOUBLE_EQ(make_regularizer("l2")->penalty(weight), 0.01 * 5.0);
    EXPECT_DOUBLE_EQ(make_regularizer("l1_l2")->penalty(weight), 0.0);
}

TEST(LayerWeight, RegularizerGradientsAreThoseOfThePenalty) {
    const auto regularizer = make_regularizer(Config::table({{"type", "l1_l2"}, {"l1", 0.5}, {"l2", 0.25}}));
    const std::vector weight{1.0F, -2.0F, 0.0F};
    std::vector gradient{10.0F, 10.0F, 10.0F};
    regularizer->add_gradient(weight, gradient);
    EXPECT_EQ(gradient, (std::vector{11.0F, 8.5F, 10.0F}));
}

TEST(LayerWeight, NamesTheKeyThatIsWrong) {
    Config keys = dense();
    keys.set("kernel_regularizer", "l3");
    EXPECT_THAT([&] { make_layer(keys); },
                testing::ThrowsMessage<ConfigError>(testing::AllOf(testing::HasSubstr("kernel_regularizer"),
                                                                   testing::HasSubstr("did you mean"))));
    keys.set("kernel_regularizer", Config::table({{"type", "l2"}, {"l2", -1.0}}));
    EXPECT_THAT([&] { make_layer(keys); }, testing::ThrowsMessage<ConfigError>(testing::HasSubstr("l2")));
}

TEST(LayerWeight, AConstraintThatDoesNotFitNamesTheLayer) {
    Config keys = dense();
    keys.set("bias_constraint", Config::table({{"type", "max_norm"}, {"axis", 1}}));
    Sequential model({3});
    model.add(make_layer(keys), "head");
    EXPECT_THAT([&] { model.build(); }, testing::ThrowsMessage<ShapeError>(testing::HasSubstr("head")));
}

}  // namespace
}  // namespace lockstep
