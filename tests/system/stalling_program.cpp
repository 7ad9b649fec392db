// `lockstep` with a layer and a callback that sleep, for stall_test.py.
//   { type = "sleeping_layer", rank = 1, seconds = 60.0 }      the rank's second forward pass takes so long
//   [[callbacks]] type = "sleeping_callback", seconds = 5.0    on_epoch_end takes so long, once
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include <lockstep/launch/main.h>
#include <lockstep/log/identity.h>
#include <lockstep/nn/registry.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/registry.h>

#include "identity_layer.h"

namespace {

using lockstep::Config;
using lockstep::ConstMatrix;
using lockstep::LayerPass;
using lockstep::Matrix;

void sleep(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

class SleepingLayer final : public IdentityLayer {
public:
    SleepingLayer(int rank, double seconds) : rank_(rank), seconds_(seconds) {}

    std::string_view type() const override { return "sleeping_layer"; }
    Config config() const override { return Config::table({{"rank", rank_}, {"seconds", seconds_}}); }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override {
        if (lockstep::log::early_identity().rank == rank_ && ++passes_ == 2) sleep(seconds_);
        IdentityLayer::forward(pass, x, y);
    }

private:
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
