#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/dropout.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/nn/sequential.h>

using namespace lockstep;
using testing::HasSubstr;

namespace {

Sequential make_mlp() {
    Sequential model({4, 3, 1});
    model.add<Flatten>();
    model.add<Dense>({.units = 7, .activation = "relu"});
    model.add<Dropout>({.rate = 0.2});
    model.add<Dense>({.units = 5, .activation = "softmax", .use_bias = false}, "head");
    model.build();
    return model;
}

template <typename Failure, typename Action>
void expect_message(Action action, const char* part) {
    try {
        action();
        FAIL() << "no error with \"" << part << "\"";
    } catch (const Failure& error) {
        EXPECT_THAT(error.what(), HasSubstr(part));
    }
}

TEST(Sequential, WorksOutShapes) {
    const Sequential model = make_mlp();
    EXPECT_EQ(model.layers()[0].output, Shape({12}));
    EXPECT_EQ(model.layers()[1].input, Shape({12}));
    EXPECT_EQ(model.layers()[1].output, Shape({7}));
    EXPECT_EQ(model.output_shape(), Shape({5}));
}

TEST(Sequential, NamesLayersInTurn) {
    Sequential model({3});
    model.add<Dense>({.units = 1})
        .add<Dense>({.units = 1}, "dense_2")
        .add<Dense>({.units = 1})
        .add<Dense>({.units = 1});
    EXPECT_EQ(model.layers()[0].name, "dense");
    EXPECT_EQ(model.layers()[1].name, "dense_2");
    EXPECT_EQ(model.layers()[2].name, "dense_1");
    EXPECT_EQ(model.layers()[3].name, "dense_3");
}

TEST(Sequential, RejectsBadNames) {
    Sequential model({3});
    model.add<Dense>({.units = 1}, "first");
    expect_message<ConfigError>([&] { model.add<Dense>({.units = 1}, "first"); },
                                "two layers named \"first\"");
    expect_message<ConfigError>([&] { model.add<Dense>({.units = 1}, "a/b"); }, "layer name \"a/b\"");
}

TEST(Sequential, WeightsBeginOnCacheLines) {
    const Sequential model = make_mlp();
    const ParameterLayout& layout = model.parameters();
    ASSERT_EQ(layout.parameters.size(), 3U);
    EXPECT_EQ(layout.parameters[0].path(), "dense/kernel");
    EXPECT_EQ(layout.parameters[1].path(), "dense/bias");
    EXPECT_EQ(layout.parameters[2].path(), "head/kernel");
    EXPECT_EQ(layout.parameters[0].offset, 0U);
    EXPECT_EQ(layout.parameters[0].size, 84U);
    EXPECT_EQ(layout.parameters[1].offset, 96U);   // 84 rounded up to 16
    EXPECT_EQ(layout.parameters[2].offset, 112U);  // 96 + 7, rounded up
    EXPECT_EQ(layout.size, 160U);                  // 112 + 35, rounded up

    ASSERT_EQ(layout.groups.size(), 2U);
    EXPECT_EQ(layout.groups[0].layer, 1U);
    EXPECT_EQ(layout.groups[0].size, 112U);
    EXPECT_EQ(layout.groups[1].layer, 3U);
    EXPECT_EQ(layout.groups[1].first_parameter, 2U);
    EXPECT_EQ(layout.groups[1].offset, 112U);
    EXPECT_EQ(layout.total(), 84U + 7U + 35U);
    EXPECT_EQ(layout.trainable(), 126U);
}

TEST(Sequential, InitializesWeightsAndLeavesPaddingZero) {
    const Sequential model = make_mlp();
    std::vector<float> store(model.parameters().size, 99.0F), again = store, other = store;
    model.initialize(store, 1);
    model.initialize(again, 1);
    model.initialize(other, 2);
    EXPECT_EQ(store, again);
    EXPECT_NE(store, other);
    EXPECT_EQ(std::count(store.begin(), store.end(), 99.0F), 0);
    EXPECT_EQ(std::count(store.begin(), store.begin() + 84, 0.0F), 0);
    EXPECT_EQ(std::count(store.begin() + 84, store.begin() + 112, 0.0F), 28);  // padding and bias
    EXPECT_NE(store[0], store[112]);  // each weight has a stream of its own
}

TEST(Sequential, TheLastActivationBelongsToTheModel) {
    Sequential model = make_mlp();
    ASSERT_NE(model.output_activation(), nullptr);
    EXPECT_EQ(model.output_activation()->type(), "softmax");

    Sequential linear({3});
    linear.add<Dense>({.units = 2});
    linear.build();
    EXPECT_EQ(linear.output_activation(), nullptr);
}

TEST(Sequential, CountsOperations) {
    EXPECT_EQ(make_mlp().flops_per_sample(), 2.0 * 12 * 7 + 7 + 2.0 * 7 * 5);
}

TEST(Sequential, SummaryShowsLayersShapesAndParameters) {
    Sequential model({28, 28, 1});
    model.add<Flatten>().add<Dense>({.units = 512}).add<Dense>({.units = 10});
    model.build();
    const std::string summary = model.summary();
    EXPECT_THAT(summary, HasSubstr("flatten (flatten)  [784]                  0          0           0\n"));
    EXPECT_THAT(summary, HasSubstr("dense_1 (dense)    [10]               5,130      5,130      10,250\n"));
    EXPECT_THAT(summary, HasSubstr("Total parameters: 407,050 (1.55 MiB)"));
    // Forward 2 x 784 x 512 + 512 and 10,250. Backward as much for the weights, and 10,250 for inputs.
    EXPECT_THAT(summary,
                HasSubstr("Operations per sample, forward: 813,578, forward and backward: 1,637,406\n"));
}

TEST(Sequential, ShapeErrorsNameTheLayer) {
    Sequential model(Shape{});
    model.add<Dropout>({.rate = 0.1}).add<Dense>({.units = 3}, "head");
    expect_message<ShapeError>([&] { model.build(); },
                               "layer \"head\": expected inputs of at least one axis, got []");
}

TEST(Sequential, RejectsEmptyModels) {
    expect_message<ShapeError>([] { Sequential({28, 0}); }, "[28, 0]");
    Sequential views({4});
    views.add<Flatten>();
    expect_message<ConfigError>([&] { views.build(); }, "no layer that computes anything");
    Sequential model = make_mlp();
    expect_message<ConfigError>([&] { model.add<Flatten>(); }, "built");
}

}  // namespace
