#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/simple_rnn.h>

#include "recurrent_keys.h"

namespace lockstep {

SimpleRnn::SimpleRnn(Options options)
    : Recurrent({.gates = 1, .kept = 0, .has_recurrent_bias = false}, options),
      options_(std::move(options)),
      activation_(make_gate_activation("activation", options_.activation)) {}

Config SimpleRnn::config() const {
    Config keys = settings_config();
    keys.set("activation", options_.activation);
    return keys;
}

void SimpleRnn::forward_step(const Step& step) {
    multiply_state(step, 1.0F, step.gates);
    std::copy_n(step.gates, step.rows * units(), step.h);
    activation_.apply({step.h, step.rows, units()}, {});
}

void SimpleRnn::backward_step(const Step& step) {
    activation_.apply_gradient({step.h, step.rows, units()}, {}, {step.dh, step.rows, units()});
    std::copy_n(step.dh, step.rows * units(), step.gates);
    multiply_gradient(step, step.gates, 0.0F);
}

const TypeHelp& SimpleRnn::help() {
    static const TypeHelp help{.summary = "recurrent: h = activation(x W + b + h U), over [time, features]",
                               .keys = recurrent_help()};
    return help;
}

std::unique_ptr<Layer> SimpleRnn::from_config(const Config& keys) {
    return construct_from<SimpleRnn>(keys, read_recurrent_keys<Options>(keys));
}

}  // namespace lockstep
