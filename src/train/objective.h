#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/config.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/data/feature_scaling.h>
#include <lockstep/nn/loss.h>
#include <lockstep/nn/metric.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/logs.h>

namespace lockstep {

/// What comes after the last layer: its activation, the loss and the metrics. They leave behind numbers that
/// can be added over shards, ranks and batches: samples, the sum of losses, the metrics' states.
class Objective {
public:
    /// `model` must be built and outlive this. Throws ConfigError or ShapeError.
    Objective(const Sequential& model, const Config& loss, const std::vector<Config>& metrics,
              const std::vector<Config>& weighted_metrics);

    const Shape& target_shape() const { return target_; }
    const Loss& loss() const { return *loss_; }
    /// "loss" and the metrics' names; of a weighted metric whose name is taken, "weighted_" and the name.
    const std::vector<std::string>& keys() const { return keys_; }
    /// Of an epoch: with validation's.
    std::vector<std::string> epoch_keys(bool has_validation) const;
    /// How many numbers one shard leaves behind.
    std::size_t numbers() const { return numbers_; }

    /// Error metrics are in the user's units: what the targets were scaled by. Makes room
    /// for `rows` rows at a time.
    void prepare(std::optional<FeatureScaling> target_scaling, std::size_t rows);

    /// Given the outputs of the last layer, makes them the model's outputs in place, adds to `numbers`, and,
    /// unless `gradient` is empty, writes the gradient of the sum of losses with respect to the last layer's
    /// outputs. `weights`: one value per row, or empty (all 1); they count in the loss and in weighted
    /// metrics.
    void evaluate(Matrix outputs, ConstMatrix targets, std::span<const float> weights, Matrix gradient,
                  std::span<double> numbers);

    /// Adds what the weights themselves cost in a batch of so many samples. Once per batch.
    void add_penalty(std::span<const float> store, std::uint64_t samples, std::span<double> numbers) const;

    /// Makes the outputs of the last layer the model's outputs, in the user's units if `in_user_units`.
    void predict(Matrix outputs, bool in_user_units) const;

    /// Loss and metrics, from numbers added up.
    void write(std::span<const double> numbers, Logs& logs) const;

private:
    /// A metric, and whether samples count in it by their weights.
    struct Entry {
        std::unique_ptr<Metric> metric;
        bool weighted;
    };

    void add_metric(const Config& config, bool weighted);
    void add_losses(Matrix outputs, ConstMatrix targets, std::span<const float> weights, Matrix gradient,
                    std::span<double> numbers) const;
    ConstMatrix unscaled(ConstMatrix values, AlignedBuffer<float>& room) const;

    const Sequential& model_;
    Shape target_;
    std::unique_ptr<Loss> loss_;
    std::unique_ptr<Loss> fused_;  // with the output activation; null if they do not fuse
    std::vector<Entry> metrics_;
    std::vector<std::string> keys_;
    std::size_t numbers_ = 2;
    std::optional<FeatureScaling> target_scaling_;
    AlignedBuffer<float> unscaled_outputs_, unscaled_targets_;
};

}  // namespace lockstep
