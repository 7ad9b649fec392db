#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/straggler_monitor.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/from_config.h"

namespace lockstep {

namespace {

constexpr std::size_t kMostNamed = 8;  // in one warning

/// The lower of the middle two if there are two; 0 of none.
double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

double median_of(std::span<const RankTiming> timings, double RankTiming::*part) {
    std::vector<double> values;
    for (const RankTiming& timing : timings) values.push_back(timing.*part);
    return median(std::move(values));
}

std::string text_of(const Straggler& straggler) {
    std::string text = fmt::format("rank {} on {} {:.2f} times ({:.2f} s, waited {:.2f} s", straggler.rank,
                                   straggler.host, straggler.ratio, straggler.compute, straggler.wait);
    if (straggler.epochs > 1) text += fmt::format(", {} epochs in a row", straggler.epochs);
    return text + ")";
}

}  // namespace

StragglerMonitor::StragglerMonitor(Options options) : options_(options) {
    if (!(options_.threshold > 1))
        throw ConfigError(
            fmt::format("straggler_monitor: threshold: expected a ratio above 1, got {}; for example 1.5",
                        options_.threshold));
    if (options_.patience < 1)
        throw ConfigError(fmt::format(
            "straggler_monitor: patience: expected a number of epochs above 0, got {}; for example 1",
            options_.patience));
    if (!(options_.min_seconds >= 0))
        throw ConfigError(fmt::format(
            "straggler_monitor: min_seconds: expected a time of at least 0, got {}; for example 0.1",
            options_.min_seconds));
}

void StragglerMonitor::on_train_begin(const Logs& /*logs*/) {
    stragglers_.clear();
    if (!std::exchange(resumed_, false)) in_a_row_.clear();
}

void StragglerMonitor::on_epoch_end(int epoch, const Logs& /*logs*/) {
    find(run().timings());
    if (!stragglers_.empty()) warn(epoch, run().timings());
}

/// A run that was resumed on other ranks counts anew.
void StragglerMonitor::find(std::span<const RankTiming> timings) {
    stragglers_.clear();
    if (in_a_row_.size() != timings.size()) in_a_row_.assign(timings.size(), 0);
    const double usual = median_of(timings, &RankTiming::compute);
    if (!(usual > 0)) return;
    const std::vector<RankPlace>& places = run().info().ranks;
    for (std::size_t rank = 0; rank < timings.size(); ++rank) {
        const RankTiming& timing = timings[rank];
        const double ratio = timing.compute / usual;
        const bool is_slow = ratio > options_.threshold && timing.compute - usual >= options_.min_seconds;
        in_a_row_[rank] = is_slow ? in_a_row_[rank] + 1 : 0;
        if (in_a_row_[rank] < options_.patience) continue;
        stragglers_.push_back({.rank = static_cast<int>(rank),
                               .host = rank < places.size() ? places[rank].host : "",
                               .compute = timing.compute,
                               .wait = timing.wait,
                               .ratio = ratio,
                               .epochs = in_a_row_[rank]});
    }
    std::ranges::stable_sort(stragglers_, std::greater{}, &Straggler::ratio);
}

void StragglerMonitor::warn(int epoch, std::span<const RankTiming> timings) const {
    std::string names;
    for (std::size_t i = 0; i < std::min(stragglers_.size(), kMostNamed); ++i)
        names += (i == 0 ? "" : ", ") + text_of(stragglers_[i]);
    if (stragglers_.size() > kMostNamed)
        names += fmt::format(" and {} more", stragglers_.size() - kMostNamed);
    log::warning(
        "epoch {}: slower to compute than the median rank: {}; the median rank computed {:.2f} s, and ranks "
        "waited {:.2f} s (median)",
        epoch + 1, names, median_of(timings, &RankTiming::compute), median_of(timings, &RankTiming::wait));
}

Config StragglerMonitor::state() const {
    Config in_a_row = Config::array();
    for (const int epochs : in_a_row_) in_a_row.push_back(epochs);
    return Config::table({{"in_a_row", in_a_row}});
}

void StragglerMonitor::restore(const Config& state) {
    in_a_row_ = state.get<std::vector<int>>("in_a_row");
    resumed_ = true;
}

const TypeHelp& StragglerMonitor::help() {
    static const TypeHelp help{
        .summary = "warns of ranks that take longer to compute than the others",
        .keys = {{"threshold", "1.5", "how many times the median rank's time is too long"},
                 {"patience", "1", "for so many epochs in a row"},
                 {"min_seconds", "0.1s", "a delay per epoch below this is not worth a word"}}};
    return help;
}

std::unique_ptr<Callback> StragglerMonitor::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<StragglerMonitor>(
        keys, {.threshold = keys.get("threshold", defaults.threshold),
               .patience = keys.get("patience", defaults.patience),
               .min_seconds = read_seconds(keys, "min_seconds", defaults.min_seconds)});
}

}  // namespace lockstep
