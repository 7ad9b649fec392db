#include <array>
#include <span>
#include <string>

#include <fmt/format.h>

#include <lockstep/callbacks/throughput_monitor.h>
#include <lockstep/core/error.h>
#include <lockstep/io/table_file.h>
#include <lockstep/log/log.h>

#include "support/columns.h"
#include "support/every.h"
#include "support/from_config.h"
#include "support/rate_window.h"

namespace lockstep {

namespace {

constexpr const char* kTable = "/throughput";
constexpr double kPasses = 3;  // a backward pass has two products where a forward pass has one

const std::vector<ColumnMeaning>& columns() {
    static const std::vector<ColumnMeaning> columns{
        kStepColumn,
        kEpochColumn,
        {"time", "s", "Unix time when the row was made"},
        {"samples_per_second", "1/s", "of all ranks"},
        {"batches_per_second", "1/s", "of all ranks together"},
        {"gflops", "1e9/s", "operations of the model, forward and backward, of all ranks"},
        {"compute", "1", "part of the ranks' time in forward and backward; of whole epochs only"},
        {"exchange", "1", "part in sums of gradients and updates of weights"},
        {"input", "1", "part waiting for samples"},
        {"callbacks", "1", "part in hooks"},
        {"wait", "1", "part waiting for other ranks"}};
    return columns;
}

/// `sum` may be that of an epoch in which the clock did not move.
Throughput throughput(const RateWindow::Sum& sum, const Sequential& model) {
    if (!(sum.seconds > 0)) return {};
    const double samples = static_cast<double>(sum.samples) / sum.seconds;
    return {.samples_per_second = samples,
            .batches_per_second = static_cast<double>(sum.batches) / sum.seconds,
            .gflops = samples * kPasses * model.flops_per_sample() / 1e9,
            .shares = {}};
}

Throughput::Shares shares(std::span<const RankTiming> timings) {
    RankTiming all;
    for (const RankTiming& rank : timings) {
        all.compute += rank.compute;
        all.exchange += rank.exchange;
        all.input += rank.input;
        all.callbacks += rank.callbacks;
        all.wait += rank.wait;
    }
    const double total = all.compute + all.exchange + all.input + all.callbacks + all.wait;
    if (!(total > 0)) return {};
    return {.compute = all.compute / total,
            .exchange = all.exchange / total,
            .input = all.input / total,
            .callbacks = all.callbacks / total,
            .wait = all.wait / total};
}

}  // namespace

ThroughputMonitor::ThroughputMonitor(Options options) : options_(options) {
    if (options_.every < 0)
        throw ConfigError(
            fmt::format("throughput_monitor: every: expected a number of batches, or 0 for none, got {}",
                        options_.every));
    if (options_.window == 0)
        throw ConfigError(
            "throughput_monitor: window: expected a number of batches above 0, got 0; for example window = "
            "100");
    require_verbose("throughput_monitor", options_.verbose);
    window_ = std::make_unique<RateWindow>(options_.window);
}

ThroughputMonitor::~ThroughputMonitor() = default;

void ThroughputMonitor::on_train_begin(const Logs& /*logs*/) {
    epochs_.clear();
    latest_ = {};
    if (options_.write) describe(run().run_file(), kTable, columns());
}

void ThroughputMonitor::on_epoch_begin(int /*epoch*/, const Logs& /*logs*/) {
    epoch_timer_.restart();
    seconds_ = 0;
    batches_ = 0;
    samples_ = 0;
    window_->start(0);
}

void ThroughputMonitor::on_train_batch_end(std::int64_t batch, const Logs& /*logs*/) {
    seconds_ = epoch_timer_.seconds();
    ++batches_;
    samples_ += run().batch_samples();
    if (options_.every == 0) return;
    window_->add(seconds_, run().batch_samples());
    if ((batch + 1) % options_.every != 0) return;
    latest_ = throughput(window_->sum(), run().model());
    show(fmt::format("epoch {}, batch {}", run().epoch() + 1, batch + 1));
    write();
}

void ThroughputMonitor::on_epoch_end(int epoch, const Logs& /*logs*/) {
    latest_ = throughput(
        {.seconds = seconds_, .batches = static_cast<std::uint64_t>(batches_), .samples = samples_},
        run().model());
    latest_.shares = shares(run().timings());
    epochs_.push_back(latest_);
    show(fmt::format("epoch {}", epoch + 1));
    write();
}

void ThroughputMonitor::show(const std::string& when) const {
    if (options_.verbose == 0) return;
    std::string text = fmt::format("{}: {:.0f} samples/s, {:.1f} batches/s, {:.2f} GFLOP/s", when,
                                   latest_.samples_per_second, latest_.batches_per_second, latest_.gflops);
    const Throughput::Shares& parts = latest_.shares;
    if (parts.compute >= 0)
        text += fmt::format(
            "; compute {:.1f} %, exchange {:.1f} %, input {:.1f} %, callbacks {:.1f} %, wait {:.1f} %",
            100 * parts.compute, 100 * parts.exchange, 100 * parts.input, 100 * parts.callbacks,
            100 * parts.wait);
    log::info("{}", text);
}

void ThroughputMonitor::write() const {
    if (!options_.write) return;
    const Throughput::Shares& parts = latest_.shares;
    const std::array<io::Cell, 11> cells{run().step(),
                                         std::int64_t{run().epoch()},
                                         unix_time(),
                                         latest_.samples_per_second,
                                         latest_.batches_per_second,
                                         latest_.gflops,
                                         parts.compute,
                                         parts.exchange,
                                         parts.input,
                                         parts.callbacks,
                                         parts.wait};
    io::Row row;
    for (std::size_t i = 0; i < cells.size(); ++i) row.emplace_back(columns()[i].name, cells[i]);
    run().run_file().append(kTable, std::move(row));
}

const TypeHelp& ThroughputMonitor::help() {
    static const TypeHelp help{
        .summary = "says how fast training is, and where the time goes",
        .keys = {{"every", "0", "batches from one line to the next within an epoch; 0: only whole epochs"},
                 {"write", "false", "keep the figures in the table /throughput of the run log"},
                 {"verbose", "1", "0: no lines"},
                 {"window", "100", "batches that a line within an epoch is about"}}};
    return help;
}

std::unique_ptr<Callback> ThroughputMonitor::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<ThroughputMonitor>(
        keys, {.every = keys.get("every", defaults.every),
               .write = keys.get("write", defaults.write),
               .verbose = keys.contains("verbose") ? read_verbose(keys) : defaults.verbose,
               .window = keys.get("window", defaults.window)});
}

}  // namespace lockstep
