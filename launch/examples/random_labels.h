#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <lockstep/core/matrix_view.h>
#include <lockstep/core/random.h>
#include <lockstep/data/array_source.h>
#include <lockstep/data/dataset.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/sequential.h>

/// 100 samples of 10 normal numbers, each with a label 0 or 1 that has nothing to do with them: enough to see
/// what loggers write.
class RandomLabels {
public:
    explicit RandomLabels(std::uint64_t seed = 42) {
        const lockstep::RandomStream random(seed, lockstep::Purpose::synthetic_data);
        random.normal(0, 0, inputs_);
        random.uniform(1, 0, labels_);
        for (float& label : labels_) label = label < 0.5F ? 0.0F : 1.0F;
    }

    /// For hand-written loops.
    lockstep::ConstMatrix inputs() const { return {inputs_.data(), kSamples, kFeatures}; }
    lockstep::ConstMatrix labels() const { return {labels_.data(), kSamples, 1}; }
    /// For fit() and evaluate().
    lockstep::Dataset dataset() const {
        return lockstep::Dataset(std::make_shared<lockstep::ArraySource>(lockstep::ArraySource::Options{
            .inputs = inputs_, .targets = labels_, .input_shape = {kFeatures}, .name = "random labels"}));
    }

private:
    static constexpr std::size_t kSamples = 100, kFeatures = 10;
    std::vector<float> inputs_ = std::vector<float>(kSamples * kFeatures);
    std::vector<float> labels_ = std::vector<float>(kSamples);
};

/// A small classifier of two classes.
inline lockstep::Sequential two_class_model() {
    lockstep::Sequential model({10});
    model.add<lockstep::Dense>({.units = 10, .activation = "relu"});
    model.add<lockstep::Dense>({.units = 1, .activation = "sigmoid"});
    return model;
}
