// What a layer costs: forward and backward pass of a model that is this layer alone, on one thread.
//
//     layer_bench CASE BATCH SECONDS
//
// CASE is JSON: {"input": [28, 28, 32], "layer": {"type": "conv2d", ...}, "first": false}. A layer that is
// not the first of its model computes the gradient of its input too. Prints OpenBLAS's kernels, and the
// medians of microseconds per sample of forward and of backward pass. compare_layers.py has the cases, and
// runs PyTorch's layers beside them.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <vector>

#include <lockstep/core/random.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/blas_core.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/nn/shard_layer.h>
#include <lockstep/nn/workspace.h>

namespace {

using namespace lockstep;

void fill(std::span<float> values) {
    RandomStream(1, Purpose::synthetic_data).normal(0, 0, values);
}

/// Stands before the layer and has a weight, so that the way back leads through the layer. Its outputs stay
/// what they were in the first pass.
class Inputs final : public ShardLayer {
public:
    std::string_view type() const override { return "inputs"; }
    Config config() const override { return {}; }
    Shape build(const Shape& input) override { return input; }
    std::vector<WeightSpec> weights() const override {
        return {{.name = "weight", .shape = {1}, .initializer = make_initializer("zeros")}};
    }
    void forward(const LayerPass& /*pass*/, ConstMatrix /*x*/, Matrix y) override {
        if (y.values().front() == 0.0F) fill(y.values());
    }
    void backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix /*dy*/,
                  Matrix /*dx*/, std::span<const std::span<float>> /*gradients*/) override {}
};

Sequential make_model(const Config& layer_case) {
    Sequential model(Shape(layer_case.get<std::vector<std::size_t>>("input")));
    if (!layer_case.get("first", false)) model.add(std::make_unique<Inputs>());
    model.add(make_layer(layer_case.at("layer")));
    model.build();
    return model;
}

struct Times {
    std::vector<double> forward, backward;
};

/// Of steps as a rank with one shard makes them.
Times measure(Sequential& model, std::size_t batch, double seconds) {
    constexpr std::size_t kWarmUp = 3;
    std::vector<float> store(model.parameters().size), gradients(store.size());
    model.initialize(store, 1);
    Workspace workspace(model, store, batch, 1, /*training=*/true);
    const std::vector<ShardRows> shards{{.first = 0, .count = batch, .position = 0}};
    fill(workspace.inputs().values());
    Times times;
    Stopwatch all;
    for (std::size_t step = 0; step < 2 * kWarmUp || all.seconds() < seconds; ++step) {
        if (step == kWarmUp) {
            times = {};
            all.restart();
        }
        Stopwatch watch;
        workspace.forward(workspace.inputs(), shards, /*training=*/true, {});
        times.forward.push_back(watch.seconds());
        if (step == 0) fill(workspace.output_gradient().values());
        watch.restart();
        workspace.backward(gradients, {}, {});
        times.backward.push_back(watch.seconds());
    }
    return times;
}

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: layer_bench CASE BATCH SECONDS\n");
        return 2;
    }
    math::restart_with_better_blas_core(argv);
    try {
        const std::size_t batch = std::strtoull(argv[2], nullptr, 10);
        Sequential model = make_model(Config::from_json(argv[1], "CASE"));
        const Times times = measure(model, batch, std::strtod(argv[3], nullptr));
        const double scale = 1e6 / static_cast<double>(batch);
        std::printf("%s %.3f %.3f\n", math::blas_core().c_str(), scale * median(times.forward),
                    scale * median(times.backward));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "layer_bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
