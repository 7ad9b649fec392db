#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "run_file_test.h"

namespace lockstep {

/// A run with samples to look at: its model is y = x_0 w_0 + x_1 w_1 + b, and outputs are doubled on their
/// way to the user.
class ProbeTest : public RunFileTest {
protected:
    ProbeTest() {
        run.weights_now.assign(run.model().parameters().size, 0.0F);
        model_.add<Dense>({.units = 1});
        model_.build();
        open_run_file();
    }

    /// `inputs`: two per sample.
    void look_at(std::vector<std::int64_t> index, std::vector<float> inputs, std::vector<float> targets) {
        run.probe_now = std::make_unique<Probe>(model_, run.weights_now,
                                                Probe::Samples{.data = "validation",
                                                               .index = std::move(index),
                                                               .inputs = std::move(inputs),
                                                               .targets = std::move(targets)},
                                                [](Matrix outputs) {
                                                    for (float& value : outputs.values()) value *= 2.0F;
                                                });
    }

    void set_weights(float first, float second, float bias) {
        const std::vector<Parameter>& parameters = run.model().parameters().parameters;
        run.weights_now[parameters[0].offset] = first;
        run.weights_now[parameters[0].offset + 1] = second;
        run.weights_now[parameters[1].offset] = bias;
        run.probe_now->forget();
    }

private:
    Sequential model_{{2}};
};

}  // namespace lockstep
