#pragma once

#include <optional>

#include <lockstep/core/registry.h>
#include <lockstep/nn/metric.h>

namespace lockstep {

/// Part of some outputs that are right: what precision and recall have in common. An output above `threshold`
/// predicts a 1; each target is 0 or 1, and there is one for each output. With top_k, only the k largest
/// outputs of a sample do, the first of equals, whatever they are unless there is a threshold, too.
class HitRate : public Metric {
public:
    struct Options {
        std::optional<double> threshold;  // 0.5, or none with top_k
        std::optional<std::size_t> top_k;
        std::optional<std::size_t> class_id;  // counts this output alone
    };

    Config config() const override;
    /// Throws ShapeError unless targets have the shape of outputs, and there is an output `class_id`.
    void build(const Shape& output, const Shape& target) override;
    std::size_t state_size() const override { return 3; }
    void update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                std::span<double> state) const override;
    /// 0 if nothing was counted, as in Keras.
    double result(std::span<const double> state) const override;
    bool lower_is_better() const override { return false; }

protected:
    /// Throws ConfigError unless 0 <= threshold <= 1 and top_k >= 1.
    explicit HitRate(Options options);

    static TypeHelp help_of(const char* summary);
    static Options options_from(const Config& keys);

    /// Whether an output takes part in the rate.
    virtual bool counts(bool predicted, bool target) const = 0;

private:
    Options options_;
    double threshold_;
};

/// True positives / predicted positives.
class Precision final : public HitRate {
public:
    explicit Precision(Options options) : HitRate(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "precision"; }

private:
    bool counts(bool predicted, bool /*target*/) const override { return predicted; }
};

/// True positives / actual positives.
class Recall final : public HitRate {
public:
    explicit Recall(Options options) : HitRate(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "recall"; }

private:
    bool counts(bool /*predicted*/, bool target) const override { return target; }
};

}  // namespace lockstep
