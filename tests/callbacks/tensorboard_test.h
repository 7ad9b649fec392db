#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include <lockstep/callbacks/tensorboard.h>
#include <lockstep/nn/layers/flatten.h>

#include "event_reader.h"
#include "fake_run.h"

namespace lockstep {

class TensorBoardTest : public CallbackTest {
protected:
    TensorBoardTest() { run.params_now.steps = 2; }

    std::vector<EventValue> train() const { return read_events(only_file(path("logs/train"))); }
    std::vector<EventValue> validation() const { return read_events(only_file(path("logs/validation"))); }

    /// Ends an epoch of `steps` batches.
    void train_epoch(TensorBoard& board, int epoch, const Logs& logs) {
        run.epoch_now = epoch;
        board.on_epoch_begin(epoch, {});
        for (int batch = 0; batch < run.params_now.steps; ++batch) {
            run.step_now = epoch * run.params_now.steps + batch;
            board.on_train_batch_begin(batch, {});
            board.on_train_batch_end(batch, logs);
        }
        board.on_epoch_end(epoch, logs);
        board.state();  // writes what is buffered
    }

    /// The kernel is {first, second}, the bias `bias`.
    std::vector<float> store(float first, float second, float bias) const {
        const ParameterLayout& layout = run.model().parameters();
        std::vector<float> values(layout.size, 99);  // padding must not be seen
        values[layout.parameters[0].offset] = first;
        values[layout.parameters[0].offset + 1] = second;
        values[layout.parameters[1].offset] = bias;
        return values;
    }

    /// Samples of 2 x 2 pixels, 0 1 2 3 and 3 2 1 0, and a layer whose outputs are a sample's first pixel and
    /// its last.
    void use_images() {
        Sequential& model = run.model_for_change();
        model = Sequential({2, 2, 1});
        model.add<Flatten>();
        model.add<Dense>({.units = 2});
        model.build();
        run.weights_now.assign(model.parameters().size, 0);
        run.weights_now[0] = run.weights_now[7] = 1;
        run.probe_now = std::make_unique<Probe>(
            model, run.weights_now,
            Probe::Samples{
                .data = "training", .index = {0, 1}, .inputs = {0, 1, 2, 3, 3, 2, 1, 0}, .targets = {}},
            [](Matrix /*outputs*/) {});
    }

    static std::vector<std::pair<std::string, std::int64_t>> places(const std::vector<EventValue>& values) {
        std::vector<std::pair<std::string, std::int64_t>> all;
        for (const EventValue& value : values) all.emplace_back(value.tag, value.step);
        return all;
    }
    static std::vector<std::pair<std::int64_t, float>> curve(const std::vector<EventValue>& values,
                                                             const std::string& tag) {
        std::vector<std::pair<std::int64_t, float>> points;
        for (const EventValue& value : values)
            if (value.tag == tag) points.emplace_back(value.step, value.scalar());
        return points;
    }
};

}  // namespace lockstep
