#pragma once

#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <lockstep/nn/initializer.h>
#include <lockstep/nn/metrics/mean_metric.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/shard_layer.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/registry.h>

// A layer, a metric and a callback that Lockstep does not have. custom_types.cpp uses them from C++,
// own_program.cpp from job files.

/// y = gain * x, with one learned gain per feature.
class Gain final : public lockstep::ShardLayer {
public:
    struct Options {
        std::string initializer = "ones";
    };
    explicit Gain(Options options) : options_(std::move(options)) {}

    std::string_view type() const override { return "gain"; }
    lockstep::Config config() const override {
        return lockstep::Config::table({{"initializer", options_.initializer}});
    }

    lockstep::Shape build(const lockstep::Shape& input) override {
        features_ = input.size();
        return input;
    }
    std::vector<lockstep::WeightSpec> weights() const override {
        return {{"gain", {features_}, lockstep::make_initializer(options_.initializer)}};
    }

    void forward(const lockstep::LayerPass& pass, lockstep::ConstMatrix x, lockstep::Matrix y) override {
        const std::span<const float> gain = pass.weights[0];
        for (std::size_t row = 0; row < x.rows(); ++row)
            for (std::size_t i = 0; i < features_; ++i) y.row(row)[i] = gain[i] * x.row(row)[i];
    }

    /// Gradients are sums over the rows of one shard: adding shards and ranks, and dividing once, is the
    /// library's part.
    void backward(const lockstep::LayerPass& pass, lockstep::ConstMatrix x, lockstep::ConstMatrix /*y*/,
                  lockstep::Matrix dy, lockstep::Matrix dx,
                  std::span<const std::span<float>> gradients) override {
        const std::span<const float> gain = pass.weights[0];
        for (float& sum : gradients[0]) sum = 0.0F;
        for (std::size_t row = 0; row < x.rows(); ++row)
            for (std::size_t i = 0; i < features_; ++i) {
                gradients[0][i] += dy.row(row)[i] * x.row(row)[i];
                if (!dx.empty()) dx.row(row)[i] = gain[i] * dy.row(row)[i];
            }
    }

private:
    Options options_;
    std::size_t features_ = 0;
};

/// The part of the samples that are predicted to within `tolerance`.
class Within final : public lockstep::MeanMetric {
public:
    explicit Within(double tolerance) : tolerance_(tolerance) {}

    std::string_view type() const override { return "within"; }
    lockstep::Config config() const override { return lockstep::Config::table({{"tolerance", tolerance_}}); }
    bool lower_is_better() const override { return false; }
    bool in_target_units() const override { return true; }

    double sample_value(std::span<const float> output, std::span<const float> target) const override {
        return std::abs(static_cast<double>(output[0]) - static_cast<double>(target[0])) <= tolerance_ ? 1.0
                                                                                                       : 0.0;
    }

private:
    double tolerance_;
};

/// Stops when a value of the epoch's logs has fallen to `target`.
class StopAt final : public lockstep::Callback {
public:
    struct Options {
        std::string monitor = "val_loss";
        double target = 0.0;
    };
    explicit StopAt(Options options) : options_(std::move(options)) {}

    /// That such a key exists is checked before the first step.
    std::vector<std::string> monitored() const override { return {options_.monitor}; }

    void on_epoch_end(int /*epoch*/, const lockstep::Logs& logs) override {
        const double value = logs.at(options_.monitor);
        if (value <= options_.target)
            run().stop_training(fmt::format("{} is {:.4f}", options_.monitor, value));
    }

private:
    Options options_;
};

/// Gives them the names by which job files and metrics lists call them.
inline void register_my_types() {
    using lockstep::Config;
    lockstep::register_layer("gain", [](const Config& keys) {
        return std::make_unique<Gain>(
            Gain::Options{.initializer = keys.get<std::string>("initializer", "ones")});
    });
    lockstep::register_metric(
        "within", [](const Config& keys) { return std::make_unique<Within>(keys.get<double>("tolerance")); });
    lockstep::register_callback("stop_at", [](const Config& keys) {
        return std::make_unique<StopAt>(StopAt::Options{
            .monitor = keys.get<std::string>("monitor", "val_loss"), .target = keys.get<double>("target")});
    });
}
