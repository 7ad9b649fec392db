#pragma once

#include <string>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/config.h>
#include <lockstep/nn/layer_weight.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// What recurrent layers have in common: a state h [rows, units] that starts as 0, and at each time step
/// follows from x_t W + b and the state before. The cell says how.
///
/// Shapes: x [rows, time, features], kernel W [features, gates * units], recurrent_kernel U [units, gates *
/// units], bias [gates * units], y [rows, units], or [rows, time, units] with return_sequences.
///
/// Inside, everything is time-major, so that x W of all steps is one product, and h U of all rows another.
class Recurrent : public ShardLayer {
public:
    /// Throws ShapeError unless the input is [time, features].
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    std::size_t saved_floats_per_sample() const override;
    std::size_t scratch_floats_per_sample() const override;
    void reserve(std::size_t rows) override;
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

protected:
    /// What a cell needs.
    struct Cell {
        std::size_t gates = 1;
        std::size_t kept = 0;             // floats per unit and step, besides the gates and h
        bool has_recurrent_bias = false;  // bias is [2, gates * units]: of x W, and of h U
    };

    struct Settings {
        std::size_t units = 0;
        bool use_bias = true;
        WeightOptions kernel, recurrent, bias;
        bool return_sequences = false;
        bool go_backwards = false;
    };

    /// One time step of a shard.
    struct Step {
        std::size_t rows;
        std::span<const float> recurrent_kernel;
        std::span<const float> recurrent_bias;  // empty unless the cell has one
        float* gates;              // [rows, gates * units]; forward: in x W + b, out what the cell likes
        float* kept;               // [rows, kept * units]
        const float* kept_before;  // of the step before; 0 before the first
        float* h;                  // [rows, units]
        const float* h_before;
        float* dh;     // backward: in dL/dh, out dL/dh_before
        float* carry;  // backward, [rows, units]: 0 in the last step, then what the cell left there
    };

    /// Throws ConfigError if units is 0 or a name is unknown.
    Recurrent(const Cell& cell, const Settings& settings);

    /// Takes the settings out of the options of a layer.
    template <typename Options>
    Recurrent(const Cell& cell, const Options& options)
        : Recurrent(cell, Settings{.units = options.units,
                                   .use_bias = options.use_bias,
                                   .kernel = options.kernel,
                                   .recurrent = options.recurrent,
                                   .bias = options.bias,
                                   .return_sequences = options.return_sequences,
                                   .go_backwards = options.go_backwards}) {}

    /// Writes h.
    virtual void forward_step(const Step& step) = 0;
    /// Goes from dL/dh to dL/dh_before, and overwrites gates with dL/d(x W + b); a cell with a recurrent bias
    /// overwrites kept with dL/d(h U + b).
    virtual void backward_step(const Step& step) = 0;

    std::size_t units() const { return settings_.units; }
    /// to [rows, gates * units] = h_before U + beta to
    void multiply_state(const Step& step, float beta, float* to) const;
    /// dh = d U^T + beta dh
    void multiply_gradient(const Step& step, const float* d, float beta) const;

    LayerWeight& bias() { return bias_; }
    /// The keys of these settings, for config().
    Config settings_config() const;

private:
    std::size_t gate_units() const { return cell_.gates * settings_.units; }
    std::size_t kept_units() const { return cell_.kept * settings_.units; }
    Step step_at(const LayerPass& pass, std::size_t rows, std::size_t time);
    std::size_t input_time(std::size_t step) const;
    void gather(ConstMatrix x);
    void scatter(Matrix dx) const;
    void write_outputs(const LayerPass& pass, Matrix y);
    void add_output_gradient(ConstMatrix dy, std::size_t time);
    void write_weight_gradients(const Step& first, std::span<const std::span<float>> gradients) const;

    Cell cell_;
    Settings settings_;
    LayerWeight kernel_, recurrent_, bias_;
    std::size_t times_ = 0;
    std::size_t features_ = 0;
    AlignedBuffer<float> inputs_;  // [time, rows, features]: x, then dx
    AlignedBuffer<float> dh_, carry_;
};

}  // namespace lockstep
