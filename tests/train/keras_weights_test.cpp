// Names in Keras' files, and what is refused; the system tests look at the files from outside.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/nn/layers/convolution.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/nn/layers/gru.h>
#include <lockstep/nn/layers/multi_head_attention.h>
#include <lockstep/nn/layers/prelu.h>
#include <lockstep/nn/registry.h>
#include <lockstep/train/keras_weights.h>

#include "keras_layout.h"

namespace lockstep {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A layer of somebody's own.
class Scale final : public ShardLayer {
public:
    std::string_view type() const override { return "scale"; }
    Config config() const override { return Config::table(); }
    Shape build(const Shape& input) override { return input; }
    std::vector<WeightSpec> weights() const override { return {{"factor", {1}, nullptr}}; }
    void forward(const LayerPass&, ConstMatrix, Matrix) override {}
    void backward(const LayerPass&, ConstMatrix, ConstMatrix, Matrix, Matrix,
                  std::span<const std::span<float>>) override {}
};

class KerasWeights : public testing::Test {
protected:
    KerasWeights() { fs::create_directories(directory); }
    ~KerasWeights() override { fs::remove_all(directory); }

    const fs::path directory = fs::temp_directory_path() / ("lockstep-keras-" + std::to_string(getpid()));
    const fs::path path = directory / "a.weights.h5";
};

Sequential perceptron(std::size_t outputs) {
    Sequential model({3});
    model.add<Dense>({.units = 5});
    model.add<Dense>({.units = outputs});
    model.build();
    return model;
}

std::vector<float> ramp(const Sequential& model) {
    std::vector<float> store(model.parameters().size, 0.0F);
    float value = 1.0F;
    for (const Parameter& parameter : model.parameters().parameters)
        for (std::size_t i = 0; i < parameter.size; ++i) store[parameter.offset + i] = value++;
    return store;
}

template <typename Work>
std::string error_of(const Work& work) {
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST_F(KerasWeights, ALayerIsCalledByItsClassAndNotByItsName) {
    Sequential model({8, 8, 2});
    model.add<Conv2D>({.filters = 2, .kernel_size = {3, 3}}, "first");
    model.add<Prelu>({});
    model.add(make_layer("relu"));
    model.add<Conv2D>({.filters = 2, .kernel_size = {3, 3}, .use_bias = false}, "conv2d");
    model.add<Flatten>();
    model.build();
    std::vector<std::string> groups;
    for (const KerasLayer& layer : keras_layers(model)) groups.push_back(layer.group);
    EXPECT_THAT(groups, ElementsAre("/layers/conv2d", "/layers/p_re_lu", "/layers/re_lu", "/layers/conv2d_1",
                                    "/layers/flatten"));
    EXPECT_EQ(keras_layers(model)[0].name, "first");
    EXPECT_THAT(keras_layers(model)[3].variables, ElementsAre("/layers/conv2d_1/vars/0"));
    EXPECT_THAT(keras_layers(model)[4].variables, IsEmpty());
}

TEST_F(KerasWeights, TheWeightsOfALayerInsideLieInItsGroup) {
    Sequential model({5, 3});
    model.add<Gru>({.units = 4, .return_sequences = true});
    model.add<MultiHeadAttention>({.num_heads = 2, .key_dim = 2, .use_bias = false});
    model.build();
    EXPECT_THAT(keras_layers(model)[0].variables,
                ElementsAre("/layers/gru/cell/vars/0", "/layers/gru/cell/vars/1", "/layers/gru/cell/vars/2"));
    const std::string attention = "/layers/multi_head_attention/";
    EXPECT_THAT(keras_layers(model)[1].variables,
                ElementsAre(attention + "query_dense/vars/0", attention + "key_dense/vars/0",
                            attention + "value_dense/vars/0", attention + "output_dense/vars/0"));
}

TEST_F(KerasWeights, ComeBackAsTheyWent) {
    const Sequential model = perceptron(2);
    const std::vector<float> store = ramp(model);
    write_keras_weights(path, model, store);
    std::vector<float> read(store.size());
    read_keras_weights(path, model, read);
    EXPECT_EQ(read, store);
}

TEST_F(KerasWeights, OfAnotherModelLeaveTheStoreAsItWas) {
    const Sequential model = perceptron(2), other = perceptron(4);
    write_keras_weights(path, other, ramp(other));
    const std::vector<float> before = ramp(model);
    std::vector<float> store = before;
    EXPECT_THAT(error_of([&] { read_keras_weights(path, model, store); }),
                HasSubstr("/layers/dense_1/vars/0: expected kernel [5, 2] of layer \"dense_1\", got [5, 4]"));
    EXPECT_EQ(store, before);
}

TEST_F(KerasWeights, OfWhichOneIsNoFloatLeaveTheStoreAsItWas) {
    const Sequential model = perceptron(1);
    {
        io::ArchiveWriter file(path.string(), "");
        file.array("/layers/dense/vars/0", std::vector<float>(15), {3, 5});
        file.array("/layers/dense/vars/1", std::vector<float>(5), {5});
        file.array("/layers/dense_1/vars/0", std::vector<float>(5), {5, 1});
        file.array("/layers/dense_1/vars/1", std::vector<double>(1), {1});
        file.commit();
    }
    const std::vector<float> before = ramp(model);
    std::vector<float> store = before;
    EXPECT_THAT(error_of([&] { read_keras_weights(path, model, store); }),
                HasSubstr("/layers/dense_1/vars/1: expected float32, got float64"));
    EXPECT_EQ(store, before);
}

TEST_F(KerasWeights, OfALayerThatKerasLacksAreRefusedAndNothingIsWritten) {
    Sequential model({3});
    model.add(std::make_unique<Scale>(), "mine");
    model.build();
    EXPECT_THAT(error_of([&] { write_keras_weights(path, model, ramp(model)); }),
                HasSubstr("layer \"mine\": the weight \"factor\" of the type scale has no place in Keras"));
    EXPECT_TRUE(fs::is_empty(directory));
}

}  // namespace
}  // namespace lockstep
