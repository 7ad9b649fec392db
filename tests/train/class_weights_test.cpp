#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>
#include <lockstep/train/class_weights.h>

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// What rows of targets with `columns` values count.
std::vector<float> weighed(const ClassWeights& weights, const std::vector<float>& targets,
                           std::size_t columns, const std::vector<float>& samples = {}) {
    std::vector<float> out(targets.size() / columns);
    weights.weigh({targets.data(), out.size(), columns}, samples, out);
    return out;
}

std::string message_of(const ClassWeight& weights, const char* loss, const Shape& output) {
    try {
        const ClassWeights made(weights, *make_loss(loss), output);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "no error";
}

TEST(ClassWeights, OfNumbersOfClasses) {
    const ClassWeights weights({{0, 0.5}, {2, 4.0}}, *make_loss("sparse_categorical_crossentropy"), {3});
    EXPECT_THAT(weighed(weights, {0, 1, 2, 2}, 1), ElementsAre(0.5F, 1.0F, 4.0F, 4.0F));
    EXPECT_THAT(weighed(weights, {0, 1, 2}, 1, {2.0F, 3.0F, 0.25F}), ElementsAre(1.0F, 3.0F, 1.0F));
}

// numpy.round and dict.get(label, 1.0), as in Keras.
TEST(ClassWeights, OfNumbersThatAreNoClasses) {
    const ClassWeights weights({{0, 0.5}, {1, 4.0}}, *make_loss("binary_crossentropy"), {1});
    EXPECT_THAT(weighed(weights, {0.5F, 0.6F, 1.4F, 1.6F, -1.0F}, 1),
                ElementsAre(0.5F, 4.0F, 4.0F, 1.0F, 1.0F));
}

TEST(ClassWeights, OfRowsByTheirLargestValue) {
    const ClassWeights weights({{1, 3.0}}, *make_loss("categorical_crossentropy"), {3});
    EXPECT_THAT(weighed(weights, {0, 1, 0, 1, 0, 0, 0.2F, 0.7F, 0.1F}, 3), ElementsAre(3.0F, 1.0F, 3.0F));
}

TEST(ClassWeights, NoneAreEmpty) {
    EXPECT_TRUE(ClassWeights().empty());
    EXPECT_TRUE(ClassWeights({}, *make_loss("mse"), {1}).empty());
}

TEST(ClassWeights, AreForClasses) {
    for (const char* loss : {"mse", "huber", "poisson", "cosine_similarity"})
        EXPECT_THAT(message_of({{0, 1.0}}, loss, {3}), HasSubstr("compares with no classes")) << loss;
    for (const char* loss : {"binary_crossentropy", "binary_focal_crossentropy"}) {
        EXPECT_EQ(message_of({{1, 2.0}}, loss, {1}), "no error") << loss;
        EXPECT_THAT(message_of({{1, 2.0}}, loss, {3}), HasSubstr("no classes")) << loss;
    }
    for (const char* loss : {"sparse_categorical_crossentropy", "categorical_crossentropy",
                             "categorical_focal_crossentropy", "categorical_hinge"}) {
        EXPECT_EQ(message_of({{2, 2.0}}, loss, {3}), "no error") << loss;
        EXPECT_THAT(message_of({{3, 2.0}}, loss, {3}),
                    HasSubstr("expected classes from 0 to 2 in class_weight, got 3"))
            << loss;
    }
    EXPECT_THAT(message_of({{1, -2.0}}, "sparse_categorical_crossentropy", {3}),
                HasSubstr("at least 0 for class 1 in class_weight, got -2"));
}

}  // namespace
}  // namespace lockstep
