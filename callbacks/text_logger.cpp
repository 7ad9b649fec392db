#include <chrono>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/text_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/every.h"
#include "support/row_queue.h"

namespace lockstep {

TextLogger::TextLogger(Settings settings, std::unique_ptr<RowFormat> format)
    : settings_(std::move(settings)),
      format_(std::move(format)),
      queue_(std::make_unique<RowQueue<LogRow>>()) {
    const std::string& name = settings_.name;
    if (settings_.path.empty())
        throw ConfigError(name + ": path is empty; for example path = \"logs/training\"");
    if (settings_.index_base != 0 && settings_.index_base != 1)
        throw ConfigError(fmt::format("{}: index_base: expected 0 or 1, got {}", name, settings_.index_base));
    require_positive(name.c_str(), "every", settings_.every);
    if (!(settings_.flush > 0.0))
        throw ConfigError(fmt::format("{}: flush: expected a time above 0, got {} s", name, settings_.flush));
    if (!settings_.batches && (settings_.every != 1 || settings_.validation))
        throw ConfigError(fmt::format("{}: {} is about rows of batches; set per = \"batch\" too", name,
                                      settings_.validation ? "validation" : "every"));
}

TextLogger::~TextLogger() = default;

void TextLogger::on_train_begin(const Logs& /*logs*/) {
    file_.reset();
    const std::filesystem::path path = run().claim_output(settings_.path);
    const Config state = std::exchange(resumed_, Config());
    const bool exists = std::filesystem::exists(path);
    if (!state.is_null() && !exists)
        log::warning("{} is gone: the log of the resumed run begins anew", path.string());
    const bool goes_on = exists && (settings_.append || !state.is_null());
    const std::uint64_t kept = goes_on ? format_->keep(path, state) : 0;
    const auto flush = std::chrono::milliseconds(static_cast<std::int64_t>(settings_.flush * 1e3) + 1);
    file_ = std::make_unique<io::AppendFile>(
        path.string(), io::AppendFile::Options{.flush_interval = flush,
                                               .keep = kept,
                                               .fill = [this](io::AppendFile& file) { write_rows(file); }});
    format_->begin(*file_, run());
    file_->flush();
    epoch_watch_.restart();
}

void TextLogger::on_epoch_begin(int /*epoch*/, const Logs& /*logs*/) {
    epoch_watch_.restart();
}

void TextLogger::on_train_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {
    batch_watch_.restart();
}

void TextLogger::on_test_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {
    batch_watch_.restart();
}

void TextLogger::on_train_batch_end(std::int64_t batch, const Logs& logs) {
    take_batch(true, batch, logs);
}

/// An evaluation of its own belongs to no run.
void TextLogger::on_test_batch_end(std::int64_t batch, const Logs& logs) {
    if (file_ && settings_.validation) take_batch(false, batch, logs);
}

void TextLogger::take_batch(bool trains, std::int64_t batch, const Logs& logs) {
    if (!settings_.batches || !is_due(batch, settings_.every)) return;
    const int base = settings_.index_base;
    queue_->push([&](LogRow& row) {
        row.event = trains ? LogRow::Event::train_batch : LogRow::Event::val_batch;
        row.epoch = run().epoch() + base;
        row.batch = batch + base;
        row.step = run().step() + base;
        row.time = unix_time();
        row.duration = batch_watch_.seconds();
        row.learning_rate = run().used_learning_rate();
        row.logs = logs;
        row.batch_logs = run().batch_logs();
    });
}

void TextLogger::write_rows(io::AppendFile& file) const {
    queue_->drain([&](const LogRow& row) { format_->write(file, row); });
}

void TextLogger::on_epoch_end(int epoch, const Logs& logs) {
    const int base = settings_.index_base;
    if (settings_.epochs)
        queue_->push([&](LogRow& row) {
            row = {.event = LogRow::Event::epoch,
                   .epoch = epoch + base,
                   .batch = base,
                   .step = run().step() + base,
                   .time = unix_time(),
                   .duration = epoch_watch_.seconds(),
                   .learning_rate = run().used_learning_rate(),
                   .logs = logs,
                   .batch_logs = {}};
        });
    file_->flush_soon();
}

void TextLogger::on_train_end(const Logs& /*logs*/) {
    close(run().stops() ? "stopped" : "finished", run().stop_reason());
}

void TextLogger::on_exception(const std::exception& error) noexcept {
    try {
        if (file_) close("failed", error.what());
    } catch (const std::exception& second) {
        log::error("{}", second.what());
    }
}

/// What cannot be written now is lost. That is no reason to fail a training that is done: other callbacks
/// have yet to end it.
void TextLogger::close(const std::string& status, const std::string& reason) {
    write_rows(*file_);
    format_->end(*file_, status, reason);
    bytes_ = file_->size();
    file_.reset();
}

/// A checkpoint never knows rows that the file lacks, unless the disk is full.
Config TextLogger::state() const {
    if (file_) {
        write_rows(*file_);
        file_->flush();
    }
    if (!file_ && !bytes_) return {};
    Config state = Config::table({{"bytes", static_cast<std::size_t>(file_ ? file_->size() : *bytes_)}});
    format_->add_to(state);
    return state;
}

}  // namespace lockstep
