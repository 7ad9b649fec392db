#include "node_monitor.h"

#include <algorithm>
#include <cstring>
#include <string>

#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <lockstep/core/error.h>
#include <lockstep/log/log.h>
#include <lockstep/log/setup.h>

namespace lockstep {

namespace {

constexpr int kLauncherGrace = 4;  // seconds that the launcher has to end the job

template <typename T>
std::atomic_ref<T> atomic(T& value) {
    return std::atomic_ref<T>(value);
}

int open_process(std::int32_t pid) {
    return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

}  // namespace

NodeMonitor::NodeMonitor(const Topology& topology) : topology_(topology) {
    const auto ranks = static_cast<std::size_t>(topology.local_size());
    MemoryPlan plan;
    const std::size_t offset = plan.add<Report>(ranks);
    memory_ = allocate_node_memory(topology, plan.bytes(), FirstTouch::leader);
    reports_ = memory_->at<Report>(offset, ranks);
    Report& mine = reports_[static_cast<std::size_t>(topology.local_rank)];
    mine.pid = getpid();
    report("start", 0, -1);
    if (!topology.node_ranks) return;
    topology.node_ranks->barrier();  // all pids are there
    open_handles();
    stop_ = eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { watch(); });
}

void NodeMonitor::say_goodbye() {
    atomic(reports_[static_cast<std::size_t>(topology_.local_rank)].gone).store(1);
}

NodeMonitor::~NodeMonitor() {
    say_goodbye();
    if (!thread_.joinable()) return;
    const std::uint64_t ring = 1;
    [[maybe_unused]] const auto written = write(stop_, &ring, sizeof ring);
    thread_.join();
    for (const int handle : handles_) close(handle);
    close(stop_);
}

void NodeMonitor::report(std::string_view phase, std::int64_t epoch, std::int64_t step) {
    Report& mine = reports_[static_cast<std::size_t>(topology_.local_rank)];
    const std::size_t length = std::min(phase.size(), mine.phase.size() - 1);
    std::memcpy(mine.phase.data(), phase.data(), length);
    mine.phase[length] = '\0';
    atomic(mine.epoch).store(epoch, std::memory_order_relaxed);
    atomic(mine.step).store(step, std::memory_order_relaxed);
}

void NodeMonitor::open_handles() {
    for (int local = 0; local < topology_.local_size(); ++local) {
        if (local == topology_.local_rank) continue;
        const int handle = open_process(reports_[static_cast<std::size_t>(local)].pid);
        if (handle < 0) continue;  // another process namespace: the launcher alone watches over it
        handles_.push_back(handle);
        ranks_.push_back(local);
    }
}

void NodeMonitor::watch() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::vector<pollfd> events;
    for (const int handle : handles_) events.push_back({.fd = handle, .events = POLLIN, .revents = 0});
    events.push_back({.fd = stop_, .events = POLLIN, .revents = 0});
    while (true) {
        if (poll(events.data(), events.size(), -1) < 0) continue;
        if (events.back().revents != 0) return;
        for (std::size_t index = 0; index < handles_.size(); ++index) {
            if (events[index].revents == 0) continue;
            events[index].fd = -1;
            if (atomic(reports_[static_cast<std::size_t>(ranks_[index])].gone).load() == 0)
                mourn(ranks_[index]);
        }
    }
}

void NodeMonitor::mourn(int local_rank) {
    const Report& last = reports_[static_cast<std::size_t>(local_rank)];
    const bool speaks = topology_.local_rank == 0 || (topology_.local_rank == 1 && local_rank == 0);
    if (speaks) {
        std::array<char, 256> host{};
        gethostname(host.data(), host.size() - 1);
        log::write_every_rank(
            log::Level::error, "comm",
            fmt::format(
                "rank {} on {} (process {}) died in epoch {}, step {}, while it did: {}; the job ends",
                topology_.first_rank() + local_rank, host.data(), last.pid, last.epoch + 1, last.step,
                last.phase.data()));
    }
    log::flush();
    sleep(kLauncherGrace);
    _exit(static_cast<int>(ExitCode::failure));
}

}  // namespace lockstep
