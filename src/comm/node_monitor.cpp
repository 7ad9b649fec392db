#include "node_monitor.h"

#include <chrono>
#include <cmath>

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

#include "stall_message.h"

namespace lockstep {

namespace {

constexpr int kLauncherGrace = 4;  // seconds that the launcher has to end the job

int open_process(std::int32_t pid) {
    return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

[[noreturn]] void exit_after_grace(ExitCode code) {
    sleep(kLauncherGrace);
    _exit(static_cast<int>(code));
}

}  // namespace

NodeMonitor::NodeMonitor(const Topology& topology, RankStatus& status, std::string host,
                         std::function<void()> end_job)
    : topology_(topology), status_(status), host_(std::move(host)), end_job_(std::move(end_job)) {
    const auto ranks = static_cast<std::size_t>(topology.local_size());
    MemoryPlan plan;
    const std::size_t records = plan.add<RankRecord>(ranks);
    const std::size_t over = plan.add<std::uint32_t>(1);
    memory_ = allocate_node_memory(topology, plan.bytes(), FirstTouch::leader);
    records_ = memory_->at<RankRecord>(records, ranks);
    over_ = memory_->at<std::uint32_t>(over, 1);
    status_.publish_in(records_[static_cast<std::size_t>(topology.local_rank)]);
    if (topology.node_ranks) topology.node_ranks->barrier();  // all pids are there
    open_handles();
    bell_ = eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { run(); });
}

NodeMonitor::~NodeMonitor() {
    status_.say_goodbye();
    stopping_ = true;
    ring();
    thread_.join();
    status_.withdraw();
    for (const int handle : handles_) close(handle);
    close(bell_);
}

void NodeMonitor::watch_stalls(StallLimits limits) {
    {
        const std::scoped_lock lock(mutex_);
        new_limits_ = limits;
    }
    ring();
}

void NodeMonitor::ring() {
    const std::uint64_t once = 1;
    [[maybe_unused]] const auto written = write(bell_, &once, sizeof once);
}

void NodeMonitor::open_handles() {
    for (int local = 0; local < topology_.local_size(); ++local) {
        if (local == topology_.local_rank) continue;
        const int handle = open_process(records_[static_cast<std::size_t>(local)].pid);
        if (handle < 0) continue;  // another process namespace: the launcher alone watches over it
        handles_.push_back(handle);
        ranks_.push_back(local);
    }
}

void NodeMonitor::run() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::vector<pollfd> events;
    for (const int handle : handles_) events.push_back({.fd = handle, .events = POLLIN, .revents = 0});
    events.push_back({.fd = bell_, .events = POLLIN, .revents = 0});
    while (true) {
        if (poll(events.data(), events.size(), milliseconds_to_next_look()) < 0) continue;
        if (stopping_) return;
        if (events.back().revents != 0) take_limits();
        for (std::size_t index = 0; index < handles_.size(); ++index) {
            if (events[index].revents == 0) continue;
            events[index].fd = -1;
            if (!read_record(records_[static_cast<std::size_t>(ranks_[index])]).gone) mourn(ranks_[index]);
        }
        if (stalls_) look_for_stalls();
    }
}

void NodeMonitor::take_limits() {
    std::uint64_t rings = 0;
    [[maybe_unused]] const auto taken = read(bell_, &rings, sizeof rings);
    const std::scoped_lock lock(mutex_);
    if (!new_limits_) return;
    stalls_.reset();
    if (new_limits_->heartbeat > 0 || new_limits_->stall > 0)
        stalls_.emplace(records_, *new_limits_, topology_.nodes() > 1);
    new_limits_.reset();
}

int NodeMonitor::milliseconds_to_next_look() const {
    return stalls_ ? static_cast<int>(std::ceil(1000 * stalls_->interval())) : -1;
}

void NodeMonitor::look_for_stalls() {
    status_.beat();
    const auto finding = stalls_->look(now());
    if (!finding) return;
    const int rank = topology_.first_rank() + finding->local_rank;
    const RankSnapshot last = read_record(records_[static_cast<std::size_t>(finding->local_rank)]);
    const std::string message = describe(*finding, stalls_->limits(), name_rank(rank, host_, last), last);
    if (finding->kind != StallWatch::Finding::Kind::slow) return end_stalled_job(message);
    if (topology_.is_leader()) log::write_every_rank(log::Level::warning, "comm", message);
}

/// The first one on the node to come here speaks. Nothing, a full disk or terminal neither, holds up the end.
void NodeMonitor::end_stalled_job(const std::string& message) {
    const bool is_first = std::atomic_ref<std::uint32_t>(over_.front()).exchange(1) == 0;
    if (!is_first) exit_after_grace(ExitCode::stalled);
    std::thread([] { exit_after_grace(ExitCode::stalled); }).detach();
    log::write_every_rank(log::Level::error, "comm", message);
    log::flush();
    end_job_();
}

void NodeMonitor::mourn(int local_rank) {
    if (std::atomic_ref<std::uint32_t>(over_.front()).load() != 0) exit_after_grace(ExitCode::stalled);
    const bool speaks = topology_.local_rank == 0 || (topology_.local_rank == 1 && local_rank == 0);
    if (speaks) {
        const RankSnapshot last = read_record(records_[static_cast<std::size_t>(local_rank)]);
        log::write_every_rank(log::Level::error, "comm",
                              fmt::format("{} died {}, while it did: {}; the job ends",
                                          name_rank(topology_.first_rank() + local_rank, host_, last),
                                          last.place(), last.activity()));
    }
    log::flush();
    exit_after_grace(ExitCode::failure);
}

}  // namespace lockstep
