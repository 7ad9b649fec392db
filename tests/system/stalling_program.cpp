// `lockstep` with a layer and a callback that sleep, for stall_test.py.
//   { type = "sleeping_layer", rank = 1, seconds = 60.0 }      the rank's second forward pass takes so long
//   [[callbacks]] type = "sleeping_callback", seconds = 5.0    on_epoch_end takes so long, once
#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include <lockstep/launch/main.h>
#include <lockstep/log/identity.h>
#include <lockstep/nn/registry.h>
#include <lockstep/nn/shard_layer.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/registry.h>

namespace {

using lockstep::Config;
using lockstep::ConstMatrix;
using lockstep::LayerPass;
using lockstep::Matrix;

void sleep(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// y = x.
class SleepingLayer final : public lockstep::ShardLayer {
public:
    SleepingLayer(int rank, double seconds) : rank_(rank), seconds_(seconds) {}

    std::string_view type() const override { return "sleeping_layer"; }
    Config config() const override { return Config::table({{"rank", rank_}, {"seconds", seconds_}}); }
    lockstep::Shape build(const lockstep::Shape& input) override { return input; }

    void forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) override {
        if (lockstep::log::early_identity().rank == rank_ && ++passes_ == 2) sleep(seconds_);
        copy(x, y);
    }
    void backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> /*gradients*/) override {
        copy(dy, dx);
    }

private:
    static void copy(ConstMatrix from, Matrix to) {
        for (std::size_t row = 0; row < to.rows(); ++row)
            std::ranges::copy(from.row(row), to.row(row).begin());
    }

    int rank_;
    double seconds_;
    int passes_ = 0;
};

class SleepingCallback final : public lockstep::Callback {
public:
    explicit SleepingCallback(double seconds) : seconds_(seconds) {}
    void on_epoch_end(int /*epoch*/, const lockstep::Logs& /*logs*/) override {
        sleep(std::exchange(seconds_, 0.0));
    }

private:
    double seconds_;
};

}  // namespace

int main(int argc, char** argv) {
    lockstep::register_layer("sleeping_layer", [](const Config& keys) {
        return std::make_unique<SleepingLayer>(keys.get<int>("rank"), keys.get<double>("seconds"));
    });
    lockstep::register_callback("sleeping_callback", [](const Config& keys) {
        return std::make_unique<SleepingCallback>(keys.get<double>("seconds"));
    });
    return lockstep::main(argc, argv);
}
