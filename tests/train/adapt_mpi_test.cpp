// Normalization layers that take mean and variance from data.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include <lockstep/core/random.h>
#include <lockstep/data/array_source.h>
#include <lockstep/nn/layers/normalization.h>
#include <lockstep/nn/layers/reshape.h>
#include <lockstep/nn/layers/residual.h>

#include "mpi_test.h"
#include "toy.h"

namespace lockstep {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::size_t kSamples = 1100, kFeatures = 3;

class AdaptTest : public MpiTest {
protected:
    void SetUp() override {
        RandomStream(3, Purpose::noise).normal(0, 0, inputs);
        for (std::size_t i = 0; i < inputs.size(); ++i)
            inputs[i] = 10.0F * static_cast<float>(i % kFeatures) + 5.0F * inputs[i];
    }

    Dataset data() const {
        return Dataset(std::make_shared<ArraySource>(ArraySource::Options{
            .inputs = inputs, .targets = std::vector<float>(kSamples, 1.0F), .input_shape = {kFeatures}}));
    }

    Trainer make_trainer(Sequential& model) const {
        return {*session, model, {.loss = "mse", .optimizer = "sgd", .seed = 1, .shards = shards()}};
    }

    /// Of the samples of all ranks, with n in the denominator.
    double mean(std::size_t feature) const {
        double sum = 0.0;
        for (std::size_t i = feature; i < inputs.size(); i += kFeatures) sum += inputs[i];
        return sum / kSamples;
    }
    double variance(std::size_t feature) const {
        double sum = 0.0;
        for (std::size_t i = feature; i < inputs.size(); i += kFeatures)
            sum += std::pow(inputs[i] - mean(feature), 2);
        return sum / kSamples;
    }

    static std::span<const float> weight(const Sequential& model, const std::vector<float>& store,
                                         const std::string& path) {
        const auto found = std::ranges::find(model.parameters().parameters, path, &Parameter::path);
        return std::span(store).subspan(found->offset, found->size);
    }

    std::vector<float> inputs = std::vector<float>(kSamples * kFeatures);
};

TEST_F(AdaptTest, TakesMeanAndVarianceOfEachFeatureWhichTrainingKeeps) {
    Sequential model({kFeatures});
    model.add<Normalization>({});
    model.add<Dense>({.units = 1});
    Trainer trainer = make_trainer(model);
    const std::vector<float> before = trainer.get_weights();
    EXPECT_THAT(weight(model, before, "normalization/mean"), Each(0.0F));
    EXPECT_THAT(weight(model, before, "normalization/variance"), Each(1.0F));
    trainer.adapt(data());
    const std::vector<float> adapted = trainer.get_weights();
    trainer.fit(data(), {.batch_size = 100, .epochs = 2});
    const std::vector<float> trained = trainer.get_weights();
    for (const std::vector<float>& weights : {adapted, trained})
        for (std::size_t feature = 0; feature < kFeatures; ++feature) {
            EXPECT_EQ(weight(model, weights, "normalization/mean")[feature],
                      static_cast<float>(mean(feature)));
            EXPECT_NEAR(weight(model, weights, "normalization/variance")[feature], variance(feature), 1e-5);
        }
    EXPECT_EQ(weight(model, adapted, "dense/kernel")[0], weight(model, before, "dense/kernel")[0]);
    EXPECT_NE(weight(model, trained, "dense/kernel")[0], weight(model, adapted, "dense/kernel")[0]);
}

TEST_F(AdaptTest, OfAllValuesBehindAView) {
    Sequential model({kFeatures});
    model.add<Reshape>({.target_shape = {1, 3}});
    model.add<Normalization>({.axis = std::nullopt}, "scale");
    model.add<Flatten>();
    Trainer trainer = make_trainer(model);
    trainer.adapt(data());
    const std::vector<float> weights = trainer.get_weights();
    ASSERT_EQ(weight(model, weights, "scale/mean").size(), 1U);
    const double all = (mean(0) + mean(1) + mean(2)) / 3.0;
    EXPECT_NEAR(weight(model, weights, "scale/mean")[0], all, 1e-5);
    double squares = 0.0;
    for (const float value : inputs) squares += std::pow(value - all, 2);
    EXPECT_NEAR(weight(model, weights, "scale/variance")[0], squares / static_cast<double>(inputs.size()),
                1e-4);
}

TEST_F(AdaptTest, WithGivenNumbersThereIsNothingToDo) {
    Sequential model({kFeatures});
    model.add<Dense>({.units = 2});
    model.add<Normalization>({.mean = {1.0, 2.0}, .variance = {4.0, 9.0}});
    Trainer trainer = make_trainer(model);
    const std::vector<float> before = trainer.get_weights();
    trainer.adapt(data());
    EXPECT_EQ(trainer.get_weights(), before);
}

TEST_F(AdaptTest, BehindALayerThatComputesItIsRefused) {
    Sequential model({kFeatures});
    model.add<Dense>({.units = 2});
    model.add<Normalization>({}, "late");
    Trainer trainer = make_trainer(model);
    EXPECT_THAT([&] { trainer.adapt(data()); }, ThrowsMessage<ConfigError>(HasSubstr("layer \"late\": ")));

    LayerList inner;
    inner.add<Normalization>({});
    Sequential nested({kFeatures});
    nested.add<Residual>({.layers = std::move(inner)}, "around");
    Trainer other = make_trainer(nested);
    EXPECT_THAT([&] { other.adapt(data()); }, ThrowsMessage<ConfigError>(HasSubstr("layer \"around\": ")));
}

TEST_F(AdaptTest, DataThatAreNotFinite) {
    Sequential model({kFeatures});
    model.add<Normalization>({});
    model.add<Dense>({.units = 1});
    Trainer trainer = make_trainer(model);
    inputs[4] = std::numeric_limits<float>::infinity();
    EXPECT_THAT([&] { trainer.adapt(data()); },
                ThrowsMessage<Error>(HasSubstr("feature 1 has NaN or infin")));
}

}  // namespace
}  // namespace lockstep
