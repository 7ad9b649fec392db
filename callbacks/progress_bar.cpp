#include <iostream>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/core/error.h>

#include "support/from_config.h"
#include "support/progress_text.h"
#include "support/terminal.h"

namespace lockstep {

namespace {

constexpr double kRedrawSeconds = 0.05;

std::optional<int> read_verbose_or_auto(const Config& setting) {
    if (setting.is_null() || (setting.is_string() && setting.as<std::string>() == "auto"))
        return std::nullopt;
    return setting.as<int>();
}

}  // namespace

const TypeHelp& ProgressBar::help() {
    static const TypeHelp help{
        .summary = "shows on standard output how training gets on",
        .keys = {
            {"verbose", "\"auto\"", "0 silent, 1 bar, 2 one line per epoch, \"auto\" as [training] says"},
            {"progress_every", "\"60s\"", "time between lines where there is no terminal; 0: none"}}};
    return help;
}

std::unique_ptr<Callback> ProgressBar::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<ProgressBar>(
        keys, {.verbose = read_verbose_or_auto(keys.find("verbose")),
               .progress_every = read_seconds(keys, "progress_every", defaults.progress_every)});
}

ProgressBar::ProgressBar(Options options)
    : options_(options), output_(options_.output == nullptr ? std::cout : *options_.output) {
    if (options_.verbose && (*options_.verbose < 0 || *options_.verbose > 2))
        throw ConfigError(
            fmt::format("progress_bar: verbose: expected \"auto\", 0, 1 or 2, got {}", *options_.verbose));
    if (!(options_.progress_every >= 0.0))
        throw ConfigError(fmt::format("progress_bar: progress_every: expected seconds, 0 or more, got {}",
                                      options_.progress_every));
}

void ProgressBar::on_train_begin(const Logs& /*logs*/) {
    training_ = true;
    begin(epoch_title());  // a resumed run may be in the middle of one
}

/// Training that was stopped on request has left its bar in the middle of an epoch.
void ProgressBar::on_train_end(const Logs& /*logs*/) {
    training_ = false;
    if (bar_drawn_) write_line("");
}

void ProgressBar::on_epoch_begin(int /*epoch*/, const Logs& /*logs*/) {
    begin(epoch_title());
    if (style_ == Style::bar) write_line(title_);
}

void ProgressBar::on_train_batch_end(std::int64_t batch, const Logs& logs) {
    advance(batch, logs);
}

void ProgressBar::on_epoch_end(int /*epoch*/, const Logs& logs) {
    finish(logs);
}

void ProgressBar::on_test_begin(const Logs& /*logs*/) {
    if (!training_) begin("Evaluation");
}

void ProgressBar::on_test_batch_end(std::int64_t batch, const Logs& logs) {
    if (!training_) advance(batch, logs);
}

void ProgressBar::on_test_end(const Logs& logs) {
    if (!training_) finish(logs);
}

void ProgressBar::on_predict_begin(const Logs& /*logs*/) {
    begin("Prediction");
}

void ProgressBar::on_predict_batch_end(std::int64_t batch, const Logs& logs) {
    advance(batch, logs);
}

void ProgressBar::on_predict_end(const Logs& logs) {
    finish(logs);
}

void ProgressBar::on_exception(const std::exception& /*error*/) noexcept {
    training_ = false;
    try {
        if (bar_drawn_) write_line("");
    } catch (const std::exception&) {
        // Nobody reads it any more; the exception at hand says more.
    }
}

std::string ProgressBar::epoch_title() const {
    return fmt::format("Epoch {}/{}", run().epoch() + 1, run().params().epochs);
}

void ProgressBar::begin(std::string title) {
    const RunParams& params = run().params();
    const int verbose = options_.verbose.value_or(params.verbose);
    const bool terminal =
        options_.terminal ? *options_.terminal : output_.rdbuf() == std::cout.rdbuf() && output_is_terminal();
    if (verbose == 0)
        style_ = Style::silent;
    else
        style_ = verbose == 1 && terminal ? Style::bar : Style::lines;
    title_ = std::move(title);
    total_ = params.steps;
    done_ = timed_ = 0;
    samples_ = 0;
    clock_.restart();
    last_batch_ = last_output_ = 0.0;
}

/// Called after every batch: looks at the clock, and only now and then at the logs.
void ProgressBar::advance(std::int64_t batch, const Logs& logs) {
    if (style_ == Style::silent) return;
    done_ = batch + 1;
    ++timed_;
    samples_ += run().batch_samples();
    last_batch_ = clock_.seconds();
    const double silent = last_batch_ - last_output_;
    if (style_ == Style::bar) {
        if (silent >= kRedrawSeconds) draw_bar(logs, false);
    } else if (options_.progress_every > 0.0 && silent >= options_.progress_every) {
        write_line(fmt::format("{} - {}/{} - {} - ETA {} - {:.0f} samples/s{}", title_, done_, total_,
                               duration_text(last_batch_), duration_text(progress(false).seconds_left()),
                               static_cast<double>(samples_) / last_batch_, logs_text(logs)));
    }
}

void ProgressBar::finish(const Logs& logs) {
    if (style_ == Style::silent) return;
    if (style_ == Style::bar) {
        draw_bar(logs, true);
        write_line("");
        return;
    }
    const Progress end = progress(true);
    write_line(fmt::format("{} - {}/{} - {} - {}{}", title_, done_, total_, duration_text(end.seconds),
                           step_time_text(end.seconds_per_step()), logs_text(logs)));
}

Progress ProgressBar::progress(bool ended) const {
    return {.done = done_,
            .total = total_,
            .timed = timed_,
            .batch_seconds = last_batch_,
            .seconds = clock_.seconds(),
            .ended = ended};
}

void ProgressBar::draw_bar(const Logs& logs, bool ended) {
    output_ << '\r' << bar_text(progress(ended), logs, terminal_width()) << "\x1b[K" << std::flush;
    bar_drawn_ = true;
    last_output_ = clock_.seconds();
}

void ProgressBar::write_line(const std::string& line) {
    output_ << line << '\n' << std::flush;
    bar_drawn_ = false;
    last_output_ = clock_.seconds();
}

}  // namespace lockstep
