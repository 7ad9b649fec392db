#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/lstm.h>

#include "recurrent_keys.h"

namespace lockstep {
namespace {

/// The bias of the forget gate, the second of four, starts as 1: nothing is forgotten at first.
/// (Jozefowicz et al., ICML 2015)
class UnitForgetBias final : public Initializer {
public:
    explicit UnitForgetBias(std::shared_ptr<const Initializer> others) : others_(std::move(others)) {}
    std::string_view type() const override { return others_->type(); }
    Config config() const override { return others_->config(); }
    void fill(const Shape& shape, const RandomStream& stream, std::span<float> values) const override {
        others_->fill(shape, stream, values);
        const std::size_t units = values.size() / 4;
        std::ranges::fill(values.subspan(units, units), 1.0F);
    }

private:
    std::shared_ptr<const Initializer> others_;
};

}  // namespace

Lstm::Lstm(Options options)
    : Recurrent({.gates = 4, .kept = 2, .has_recurrent_bias = false}, options),
      options_(std::move(options)),
      activation_(make_gate_activation("activation", options_.activation)),
      recurrent_activation_(make_gate_activation("recurrent_activation", options_.recurrent_activation)),
      row_(5 * units()) {
    if (options_.unit_forget_bias)
        bias().set_initializer(std::make_shared<UnitForgetBias>(bias().initializer()));
}

Config Lstm::config() const {
    Config keys = settings_config();
    keys.set("activation", options_.activation);
    keys.set("recurrent_activation", options_.recurrent_activation);
    keys.set("unit_forget_bias", options_.unit_forget_bias);
    return keys;
}

/// Of each row, c and f(c) are kept.
void Lstm::forward_step(const Step& step) {
    const std::size_t n = units();
    multiply_state(step, 1.0F, step.gates);
    for (std::size_t row = 0; row < step.rows; ++row) {
        float* const i = step.gates + row * 4 * n;
        float *const f = i + n, *const g = f + n, *const o = g + n;
        const float* const c_before = step.kept_before + row * 2 * n;
        float *const c = step.kept + row * 2 * n, *const c_out = c + n, *const h = step.h + row * n;
        recurrent_activation_.apply({i, 2, n}, {});
        activation_.apply({g, 1, n}, {});
        recurrent_activation_.apply({o, 1, n}, {});
        for (std::size_t u = 0; u < n; ++u) c[u] = f[u] * c_before[u] + i[u] * g[u];
        std::copy_n(c, n, c_out);
        activation_.apply({c_out, 1, n}, {});
        for (std::size_t u = 0; u < n; ++u) h[u] = o[u] * c_out[u];
    }
}

/// dL/dc is carried from step to step.
void Lstm::backward_step(const Step& step) {
    const std::size_t n = units();
    float *const di = row_.data(), *const df = di + n, *const dg = df + n, *const d_o = dg + n;
    float* const d_out = d_o + n;
    for (std::size_t row = 0; row < step.rows; ++row) {
        float* const i = step.gates + row * 4 * n;
        float *const f = i + n, *const g = f + n, *const o = g + n;
        const float* const c_before = step.kept_before + row * 2 * n;
        const float *const c_out = step.kept + row * 2 * n + n, *const dh = step.dh + row * n;
        float* const dc = step.carry + row * n;
        for (std::size_t u = 0; u < n; ++u) d_o[u] = dh[u] * c_out[u];
        for (std::size_t u = 0; u < n; ++u) d_out[u] = dh[u] * o[u];
        activation_.apply_gradient({c_out, 1, n}, {}, {d_out, 1, n});
        for (std::size_t u = 0; u < n; ++u) dc[u] += d_out[u];
        for (std::size_t u = 0; u < n; ++u) di[u] = dc[u] * g[u];
        for (std::size_t u = 0; u < n; ++u) df[u] = dc[u] * c_before[u];
        for (std::size_t u = 0; u < n; ++u) dg[u] = dc[u] * i[u];
        for (std::size_t u = 0; u < n; ++u) dc[u] *= f[u];
        recurrent_activation_.apply_gradient({i, 2, n}, {}, {di, 2, n});
        activation_.apply_gradient({g, 1, n}, {}, {dg, 1, n});
        recurrent_activation_.apply_gradient({o, 1, n}, {}, {d_o, 1, n});
        std::copy_n(di, 4 * n, i);
    }
    multiply_gradient(step, step.gates, 0.0F);
}

const TypeHelp& Lstm::help() {
    static const TypeHelp help = [] {
        TypeHelp made{.summary = "long short-term memory, over [time, features]", .keys = recurrent_help()};
        made.keys.push_back({"recurrent_activation", "\"sigmoid\"", "of the gates"});
        made.keys.push_back({"unit_forget_bias", "true", "whether the forget gate's bias starts as 1"});
        return made;
    }();
    return help;
}

std::unique_ptr<Layer> Lstm::from_config(const Config& keys) {
    auto options = read_recurrent_keys<Options>(keys);
    options.recurrent_activation = keys.get("recurrent_activation", options.recurrent_activation);
    options.unit_forget_bias = keys.get("unit_forget_bias", options.unit_forget_bias);
    return construct_from<Lstm>(keys, std::move(options));
}

}  // namespace lockstep
