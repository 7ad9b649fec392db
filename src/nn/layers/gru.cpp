#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/gru.h>

#include "recurrent_keys.h"

namespace lockstep {

Gru::Gru(Options options)
    : Recurrent({.gates = 3, .kept = 3, .has_recurrent_bias = true}, options),
      options_(std::move(options)),
      activation_(make_gate_activation("activation", options_.activation)),
      recurrent_activation_(make_gate_activation("recurrent_activation", options_.recurrent_activation)),
      row_(3 * units()) {}

Config Gru::config() const {
    Config keys = settings_config();
    keys.set("activation", options_.activation);
    keys.set("recurrent_activation", options_.recurrent_activation);
    return keys;
}

/// h U + p is kept.
void Gru::forward_step(const Step& step) {
    const std::size_t n = units();
    multiply_state(step, 0.0F, step.kept);
    if (!step.recurrent_bias.empty())
        math::add_bias(step.recurrent_bias, step.rows, {step.kept, step.rows * 3 * n});
    for (std::size_t row = 0; row < step.rows; ++row) {
        float* const z = step.gates + row * 3 * n;
        float *const r = z + n, *const g = r + n, *const h = step.h + row * n;
        const float *const product = step.kept + row * 3 * n, *const h_before = step.h_before + row * n;
        for (std::size_t u = 0; u < 2 * n; ++u) z[u] += product[u];
        recurrent_activation_.apply({z, 2, n}, {});
        for (std::size_t u = 0; u < n; ++u) g[u] += r[u] * product[2 * n + u];
        activation_.apply({g, 1, n}, {});
        for (std::size_t u = 0; u < n; ++u) h[u] = z[u] * h_before[u] + (1.0F - z[u]) * g[u];
    }
}

void Gru::backward_step(const Step& step) {
    const std::size_t n = units();
    float *const dz = row_.data(), *const dr = dz + n, *const dg = dr + n;
    for (std::size_t row = 0; row < step.rows; ++row) {
        float* const z = step.gates + row * 3 * n;
        float *const r = z + n, *const g = r + n, *const product = step.kept + row * 3 * n;
        const float* const h_before = step.h_before + row * n;
        float* const dh = step.dh + row * n;
        for (std::size_t u = 0; u < n; ++u) dz[u] = dh[u] * (h_before[u] - g[u]);
        for (std::size_t u = 0; u < n; ++u) dg[u] = dh[u] * (1.0F - z[u]);
        for (std::size_t u = 0; u < n; ++u) dh[u] *= z[u];
        activation_.apply_gradient({g, 1, n}, {}, {dg, 1, n});
        for (std::size_t u = 0; u < n; ++u) dr[u] = dg[u] * product[2 * n + u];
        for (std::size_t u = 0; u < n; ++u) product[2 * n + u] = dg[u] * r[u];
        recurrent_activation_.apply_gradient({z, 2, n}, {}, {dz, 2, n});
        std::copy_n(dz, 2 * n, product);
        std::copy_n(dz, 3 * n, z);
    }
    multiply_gradient(step, step.kept, 1.0F);
}

const TypeHelp& Gru::help() {
    static const TypeHelp help = [] {
        TypeHelp made{.summary = "gated recurrent unit (reset_after), over [time, features]",
                      .keys = recurrent_help()};
        made.keys.push_back({"recurrent_activation", "\"sigmoid\"", "of the gates"});
        return made;
    }();
    return help;
}

std::unique_ptr<Layer> Gru::from_config(const Config& keys) {
    auto options = read_recurrent_keys<Options>(keys);
    options.recurrent_activation = keys.get("recurrent_activation", options.recurrent_activation);
    return construct_from<Gru>(keys, std::move(options));
}

}  // namespace lockstep
