// `lockstep` with types that send SIGUSR1 to a rank in the midst of its work, for signal_phases_test.py. The
// environment says when: LOCKSTEP_SIGNAL="2 exchange 40" is to rank 2, the 40th time that it comes there.
//   { type = "signalling" }, a layer             forward, validation: the rank computes its outputs
//   kernel_constraint = "signalling"             exchange: the rank updates its slice of the weights
//   [[callbacks]] type = "signalling"            checkpoint, logging: rank 0 is about it, the others go on
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

#include <unistd.h>

#include <lockstep/launch/main.h>
#include <lockstep/log/identity.h>
#include <lockstep/nn/constraint.h>
#include <lockstep/nn/registry.h>
#include <lockstep/train/callback.h>
#include <lockstep/train/registry.h>

#include "identity_layer.h"

namespace {

using lockstep::Config;
using lockstep::ConstMatrix;
using lockstep::LayerPass;
using lockstep::Matrix;

/// What LOCKSTEP_SIGNAL says.
class Moment {
public:
    static Moment& instance() {
        static Moment moment;
        return moment;
    }

    int rank() const { return rank_; }
    /// Whether this time is the one; every time that this process comes to `phase` it asks.
    bool comes(std::string_view phase) { return phase == phase_ && --times_left_ == 0; }

private:
    Moment() {
        const char* text = std::getenv("LOCKSTEP_SIGNAL");
        if (text != nullptr) std::istringstream(text) >> rank_ >> phase_ >> times_left_;
    }

    int rank_ = -1;
    std::string phase_;
    int times_left_ = 0;
};

void send_signal(pid_t process) {
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    std::fprintf(stderr, "signal sent at %.3f\n", now.count());
    kill(process, SIGUSR1);
}

/// For what each rank does itself.
void this_rank_comes_to(std::string_view phase) {
    Moment& moment = Moment::instance();
    const bool is_mine = lockstep::log::early_identity().rank == moment.rank();
    if (is_mine && moment.comes(phase)) send_signal(getpid());
}

class SignallingLayer final : public IdentityLayer {
public:
    std::string_view type() const override { return "signalling"; }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override {
        this_rank_comes_to(pass.training ? "forward" : "validation");
        IdentityLayer::forward(pass, x, y);
    }
};

class SignallingConstraint final : public lockstep::Constraint {
public:
    std::string_view type() const override { return "signalling"; }
    bool is_elementwise() const override { return true; }
    void apply(const lockstep::Shape& /*shape*/, std::span<float> /*weight*/) const override {
        this_rank_comes_to("exchange");
    }
};

class SignallingCallback final : public lockstep::Callback {
public:
    void on_epoch_end(int /*epoch*/, const lockstep::Logs& /*logs*/) override { rank_0_comes_to("logging"); }
    Config state() const override {
        rank_0_comes_to("checkpoint");
        return {};
    }

private:
    /// Whichever rank the signal is for.
    void rank_0_comes_to(std::string_view phase) const {
        Moment& moment = Moment::instance();
        if (!moment.comes(phase)) return;
        send_signal(static_cast<pid_t>(run().info().ranks.at(static_cast<std::size_t>(moment.rank())).pid));
    }
};

}  // namespace

int main(int argc, char** argv) {
    lockstep::register_layer("signalling", [](const Config&) { return std::make_unique<SignallingLayer>(); });
    lockstep::register_constraint("signalling",
                                  [](const Config&) { return std::make_unique<SignallingConstraint>(); });
    lockstep::register_callback("signalling",
                                [](const Config&) { return std::make_unique<SignallingCallback>(); });
    return lockstep::main(argc, argv);
}
