#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/loss_spike_detector.h>
#include <lockstep/core/error.h>
#include <lockstep/io/append_file.h>
#include <lockstep/log/log.h>

#include "support/every.h"
#include "support/from_config.h"
#include "support/monitor.h"

namespace lockstep {

namespace {

[[noreturn]] void refuse(const char* key, const std::string& problem) {
    throw ConfigError(fmt::format("loss_spike_detector: {}: {}", key, problem));
}

void require_not_negative(const char* key, double value) {
    if (!std::isfinite(value) || value < 0.0)
        refuse(key, fmt::format("expected a number >= 0, got {}", value));
}

}  // namespace

LossSpikeDetector::LossSpikeDetector(Options options)
    : options_(std::move(options)),
      monitor_(std::make_unique<Monitor>(options_.monitor, options_.mode, 0.0, "loss_spike_detector")) {
    require_positive("loss_spike_detector", "window", options_.window);
    require_not_negative("warmup", options_.warmup);
    require_not_negative("atol", options_.atol);
    require_not_negative("rtol", options_.rtol);
    require_not_negative("max_warnings", options_.max_warnings);
    if (options_.atol == 0.0 && options_.rtol == 0.0)
        refuse("rtol", "expected atol or rtol above 0, got 0 for both; for example rtol = 2");
    if (options_.action != "log" && options_.action != "stop")
        refuse("action", fmt::format(R"(expected "log" or "stop", got "{}")", options_.action));
    if (options_.monitor.starts_with("val_"))
        refuse("monitor", fmt::format("expected a key of training batches, got \"{}\"; for example monitor = "
                                      "\"loss\"",
                                      options_.monitor));
}

LossSpikeDetector::~LossSpikeDetector() = default;

const TypeHelp& LossSpikeDetector::help() {
    static const TypeHelp help{
        .summary = "warns of batches whose loss is far off the mean of the batches before, or stops",
        .keys = {{"monitor", "\"loss\"", "the key of the batch"},
                 {"mode", "\"auto\"", "\"min\" or \"max\": what is better; \"auto\": by the name of the key"},
                 {"window", "10", "batches that the mean is of"},
                 {"warmup", "1", "batches before the first that can be a spike"},
                 {"atol", "0", "a spike is at least so much worse than the mean"},
                 {"rtol", "2", "and at least so many times the mean worse than it"},
                 {"finite_only", "true", "NaN and infinity are spikes; false: they are passed over"},
                 {"action", "\"log\"", "\"stop\": stop training"},
                 {"path", "none", "a file with one line of JSON per spike, below the run directory"},
                 {"max_warnings", "10", "spikes beyond are only counted"}}};
    return help;
}

std::unique_ptr<Callback> LossSpikeDetector::from_config(const Config& keys) {
    const Options defaults;
    if (const Config excluded = keys.find("exclude_batches_path"); !excluded.is_null())
        excluded.fail(
            "no batch is left out of a resumed run; path = \"spikes.jsonl\" keeps a list of the spikes");
    return construct_from<LossSpikeDetector>(
        keys, {.monitor = keys.get("monitor", defaults.monitor),
               .mode = keys.get("mode", defaults.mode),
               .window = keys.get("window", defaults.window),
               .warmup = keys.get("warmup", defaults.warmup),
               .atol = keys.get("atol", defaults.atol),
               .rtol = keys.get("rtol", defaults.rtol),
               .finite_only = keys.get("finite_only", defaults.finite_only),
               .action = keys.get("action", defaults.action),
               .path = keys.get("path", defaults.path.string()),
               .max_warnings = keys.get("max_warnings", defaults.max_warnings)});
}

std::vector<std::string> LossSpikeDetector::monitored() const {
    return {options_.monitor};
}

void LossSpikeDetector::on_train_begin(const Logs& /*logs*/) {
    if (!std::exchange(resumed_, false)) {
        recent_.clear();
        seen_ = spikes_ = in_a_row_ = 0;
        bytes_ = 0;
    }
    if (!options_.path.empty())
        file_ = std::make_unique<io::AppendFile>(run().claim_output(options_.path).string(),
                                                 io::AppendFile::Options{.keep = bytes_});
}

void LossSpikeDetector::on_train_batch_end(std::int64_t batch, const Logs& /*logs*/) {
    const double value = run().batch_logs().at(options_.monitor);
    if (seen_++ >= options_.warmup && is_spike(value)) {
        ++spikes_;
        report(batch, value);
        if (++in_a_row_ < options_.window) return;
        recent_.clear();
        in_a_row_ = 0;
    } else if (std::isfinite(value)) {
        add(value);
        in_a_row_ = 0;
    }
}

/// NaN if there are no values.
double LossSpikeDetector::mean() const {
    return std::accumulate(recent_.begin(), recent_.end(), 0.0) / static_cast<double>(recent_.size());
}

bool LossSpikeDetector::is_spike(double value) const {
    if (!std::isfinite(value)) return options_.finite_only;
    const double usual = mean();
    return monitor_->is_better(usual, value) &&
           std::abs(value - usual) >= std::max(options_.atol, options_.rtol * std::abs(usual));
}

void LossSpikeDetector::add(double value) {
    recent_.push_back(value);
    if (recent_.size() > static_cast<std::size_t>(options_.window)) recent_.erase(recent_.begin());
}

void LossSpikeDetector::report(std::int64_t batch, double value) {
    const std::string text =
        fmt::format("loss_spike_detector: {} is {:.5g} in batch {} of epoch {}, after a mean of {:.5g}",
                    options_.monitor, value, batch + 1, run().epoch() + 1, mean());
    if (spikes_ <= options_.max_warnings) log::warning("{}", text);
    if (file_)
        file_->append(Config::table({{"epoch", run().epoch()},
                                     {"batch", batch},
                                     {"step", run().step()},
                                     {options_.monitor, value},
                                     {"mean", mean()}})
                          .to_json() +
                      "\n");
    if (options_.action == "stop")
        run().stop_training(text, std::isfinite(value) ? StopCause::wish : StopCause::diverged);
}

void LossSpikeDetector::on_train_end(const Logs& /*logs*/) {
    if (spikes_ > options_.max_warnings)
        log::warning("loss_spike_detector: {} spikes in all, of which {} were shown", spikes_,
                     options_.max_warnings);
    if (!file_) return;
    bytes_ = file_->size();
    file_->close();
    file_.reset();
}

void LossSpikeDetector::on_exception(const std::exception& /*error*/) noexcept {
    file_.reset();
}

/// A checkpoint never knows lines that the file lacks, unless the disk is full.
Config LossSpikeDetector::state() const {
    if (file_) file_->flush();
    Config recent = Config::array();
    for (const double value : recent_) recent.push_back(value);
    return Config::table({{"recent", recent},
                          {"seen", seen_},
                          {"spikes", spikes_},
                          {"in_a_row", in_a_row_},
                          {"bytes", file_ ? file_->size() : bytes_}});
}

void LossSpikeDetector::restore(const Config& state) {
    recent_ = state.get<std::vector<double>>("recent");
    if (recent_.size() > static_cast<std::size_t>(options_.window))
        recent_.erase(recent_.begin(), recent_.end() - options_.window);
    seen_ = state.get<std::int64_t>("seen");
    spikes_ = state.get<std::int64_t>("spikes");
    in_a_row_ = state.get<int>("in_a_row");
    bytes_ = state.get<std::size_t>("bytes");
    resumed_ = true;
}

}  // namespace lockstep
