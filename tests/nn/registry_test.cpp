#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/shard_layer.h>

using namespace lockstep;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsSupersetOf;

namespace {

/// y = factor * x; a layer as a program might bring it.
class Scale final : public ShardLayer {
public:
    explicit Scale(double factor) : factor_(factor) {}
    std::string_view type() const override { return "scale"; }
    Config config() const override { return Config::table({{"factor", factor_}}); }
    Shape build(const Shape& input) override { return input; }
    void forward(const LayerPass&, ConstMatrix x, Matrix y) override { multiply(x, y); }
    void backward(const LayerPass&, ConstMatrix, ConstMatrix, Matrix dy, Matrix dx,
                  std::span<const std::span<float>>) override {
        if (!dx.empty()) multiply(dy, dx);
    }

private:
    void multiply(ConstMatrix from, Matrix to) const {
        std::ranges::transform(from.values(), to.data(),
                               [this](float value) { return value * static_cast<float>(factor_); });
    }
    double factor_;
};

TEST(NnRegistry, HasTheBuiltInTypes) {
    EXPECT_THAT(layer_registry().types(), IsSupersetOf({"activation", "dense", "dropout", "flatten", "linear",
                                                        "relu", "sigmoid", "softmax", "tanh"}));
    EXPECT_THAT(loss_registry().types(), IsSupersetOf({"mae", "mean_squared_error", "mse"}));
    EXPECT_THAT(metric_registry().types(), IsSupersetOf({"accuracy", "precision"}));
    EXPECT_THAT(metric_registry().types(), IsSupersetOf(loss_registry().types()));
    EXPECT_THAT(optimizer_registry().types(), IsSupersetOf({"adadelta", "adagrad", "adam", "adamax", "adamw",
                                                            "ftrl", "lion", "nadam", "rmsprop", "sgd"}));
}

TEST(NnRegistry, HelpListsKeysWithDefaults) {
    const TypeHelp& help = layer_registry().help("dense");
    EXPECT_FALSE(help.summary.empty());
    EXPECT_THAT(help.keys, Contains(Field(&TypeHelp::Key::name, "units")));
    EXPECT_EQ(help.keys[0].fallback, "required");
    EXPECT_EQ(help.keys[1].fallback, "\"linear\"");
}

/// Every key of config() is in the help, so that `lockstep list` hides nothing.
template <typename T>
void expect_help_covers_config(const Registry<T>& registry, const char* type, const char* json) {
    const auto made = registry.make(Config::from_json(json));
    for (const std::string& key : made->config().keys())
        EXPECT_THAT(registry.help(type).keys, Contains(Field(&TypeHelp::Key::name, key))) << type;
}

TEST(NnRegistry, HelpCoversConfig) {
    expect_help_covers_config(layer_registry(), "dense", R"({"type": "dense", "units": 1})");
    expect_help_covers_config(layer_registry(), "dropout", R"({"type": "dropout", "rate": 0.5})");
    expect_help_covers_config(layer_registry(), "activation",
                              R"({"type": "activation", "activation": "relu"})");
    for (const char* type : {"batch_normalization", "group_normalization", "layer_normalization"})
        expect_help_covers_config(layer_registry(), type,
                                  (R"({"type": ")" + std::string(type) + "\"}").c_str());
    for (const char* type : {"gru", "lstm", "simple_rnn"})
        expect_help_covers_config(layer_registry(), type,
                                  (R"({"units": 1, "type": ")" + std::string(type) + "\"}").c_str());
    expect_help_covers_config(layer_registry(), "multi_head_attention",
                              R"({"type": "multi_head_attention", "num_heads": 1, "key_dim": 1})");
    for (const std::string& type : optimizer_registry().types())
        expect_help_covers_config(optimizer_registry(), type.c_str(),
                                  (R"({"type": ")" + type + "\"}").c_str());
    for (const char* type : {"elu", "leaky_relu", "prelu"})
        expect_help_covers_config(layer_registry(), type,
                                  (R"({"type": ")" + std::string(type) + "\"}").c_str());
    expect_help_covers_config(layer_registry(), "relu", R"({"type": "relu", "max_value": 6})");
    for (const char* type :
         {"binary_crossentropy", "binary_focal_crossentropy", "categorical_crossentropy",
          "categorical_focal_crossentropy", "huber", "sparse_categorical_crossentropy", "tversky"})
        expect_help_covers_config(loss_registry(), type,
                                  (R"({"type": ")" + std::string(type) + "\"}").c_str());
    expect_help_covers_config(metric_registry(), "binary_accuracy", R"({"type": "binary_accuracy"})");
}

TEST(NnRegistry, ShortNamesAreTheLongOnes) {
    EXPECT_EQ(make_loss("mse")->type(), "mean_squared_error");
    EXPECT_EQ(make_loss("mae")->type(), "mean_absolute_error");
    EXPECT_EQ(make_loss("bce")->type(), "binary_crossentropy");
    EXPECT_EQ(make_loss("kld")->type(), "kl_divergence");
    EXPECT_EQ(make_loss("mape")->type(), "mean_absolute_percentage_error");
    EXPECT_EQ(make_loss("msle")->type(), "mean_squared_logarithmic_error");
    EXPECT_EQ(make_metric("mse")->type(), "mean_squared_error");
}

TEST(NnRegistry, TakesTypesOfAProgram) {
    register_layer("scale",
                   [](const Config& keys) { return std::make_unique<Scale>(keys.get<double>("factor")); },
                   {.summary = "multiplies", .keys = {{"factor", "required", "the factor"}}});
    const auto layer = make_layer(Config::table({{"type", "scale"}, {"factor", 2.5}}));
    EXPECT_EQ(layer->type(), "scale");
    EXPECT_EQ(layer->config().get<double>("factor"), 2.5);
    EXPECT_THROW(register_layer("scale", nullptr), ConfigError);
    EXPECT_THROW(register_optimizer("sgd", nullptr), ConfigError);
}

}  // namespace
