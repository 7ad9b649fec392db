// Every layer against PyTorch, forward and backward.
#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "golden_file.h"
#include "layer_gradient.h"

using namespace lockstep;

namespace {

class GoldenLayer : public testing::TestWithParam<std::string> {
protected:
    const Config golden = golden::load("layers", GetParam());
    LayerWalk walk{make_layer(golden.at("layer")), Shape(golden.get<std::vector<std::size_t>>("input")),
                   golden.get<std::size_t>("rows")};
    const std::vector<WeightSpec> specs = walk.layer->weights();

    Config weight(std::size_t index) const { return golden.at("weights").at(specs[index].name); }

    void SetUp() override {
        ASSERT_EQ(walk.output, Shape(golden.get<std::vector<std::size_t>>("output")));
        ASSERT_EQ(specs.size(), golden.at("weights").keys().size());
        for (std::size_t i = 0; i < specs.size(); ++i) {
            EXPECT_EQ(specs[i].shape, Shape(weight(i).get<std::vector<std::size_t>>("shape")))
                << specs[i].name;
            walk.weights[i] = golden::floats(weight(i).at("values"));
            ASSERT_EQ(walk.weights[i].size(), specs[i].shape.size()) << specs[i].name;
        }
        walk.training = golden.get("training", true);
        walk.x = golden::floats(golden.at("x"));
        walk.dy = golden::floats(golden.at("dy"));
    }
};

TEST_P(GoldenLayer, IsAsExpected) {
    walk.forward();
    golden::expect_near(walk.y, golden.at("y"), "y");
    if (!walk.training) return;
    walk.backward();
    golden::expect_near(walk.dx, golden.at("dx"), "dx");
    for (std::size_t i = 0; i < specs.size(); ++i)
        golden::expect_near(walk.gradients[i], weight(i).at("gradient"), "gradient of " + specs[i].name, 2e-6,
                            weight(i).get("terms", 1e-3));
}

TEST_P(GoldenLayer, GradientMatchesCentralDifferences) {
    if (walk.training && golden.get("smooth", true)) LayerGradientCheck(walk).run();
}

INSTANTIATE_TEST_SUITE_P(All, GoldenLayer, testing::ValuesIn(golden::cases("layers")),
                         [](const auto& test) { return test.param; });

}  // namespace
