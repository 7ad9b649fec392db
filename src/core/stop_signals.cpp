#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <utility>

#include <lockstep/core/error.h>
#include <lockstep/core/stop_signals.h>

namespace lockstep {

namespace {

constexpr std::array<std::pair<int, const char*>, 4> kSignals{
    {{SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}, {SIGUSR1, "SIGUSR1"}, {SIGUSR2, "SIGUSR2"}}};

std::atomic<bool> is_installed{false};
std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a handler must not wait");

void note(int signal) {
    int none = 0;
    first_signal.compare_exchange_strong(none, signal, std::memory_order_relaxed);
}

struct sigaction action_of(int signal) {
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = SA_RESTART | (signal == SIGINT ? static_cast<int>(SA_RESETHAND) : 0);
    sigemptyset(&action.sa_mask);
    return action;
}

}  // namespace

struct StopSignals::Handlers {
    std::array<struct sigaction, kSignals.size()> actions{};
};

StopSignals::StopSignals() : former_(std::make_unique<Handlers>()) {
    if (is_installed.exchange(true)) throw Error("StopSignals: there is one in this process already");
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        const struct sigaction action = action_of(kSignals[i].first);
        sigaction(kSignals[i].first, &action, &former_->actions[i]);
    }
}

StopSignals::~StopSignals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i)
        sigaction(kSignals[i].first, &former_->actions[i], nullptr);
    first_signal = 0;
    is_installed = false;
}

int StopSignals::received() noexcept {
    return first_signal.load(std::memory_order_relaxed);
}

std::string StopSignals::name(int signal) {
    const auto known = std::ranges::find(kSignals, signal, &std::pair<int, const char*>::first);
    return known == kSignals.end() ? "signal " + std::to_string(signal) : known->second;
}

}  // namespace lockstep
