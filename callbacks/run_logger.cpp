#include <array>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/run_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/io/table_file.h>
#include <lockstep/log/log.h>

#include "support/from_config.h"
#include "support/log_table.h"
#include "support/rank_tables.h"
#include "support/run_facts.h"

namespace lockstep {

namespace {

using io::Cell;

const ColumnMeaning kBatch{"batch", "1", "number of the batch within the epoch, from 0"};
const ColumnMeaning kTime{"time", "s", "Unix time when the row was made"};
const ColumnMeaning kSamples{"samples", "1", "samples of the batch, over all ranks"};
const ColumnMeaning kRate{"learning_rate", "1", "learning rate of the step; of an epoch: of its last step"};
const ColumnMeaning kDuration{"duration", "s",
                              "time from the start of the epoch to its end, with validation"};
}  // namespace

/// The open file, and rows ready to be filled.
struct RunLogger::Tables {
    explicit Tables(std::shared_ptr<io::TableFile> opened) : file(std::move(opened)) {}

    std::shared_ptr<io::TableFile> file;
    LogTable epochs{"/epochs", {kEpochColumn, kTime, kDuration, kRate}, LogTable::Values::epoch};
    LogTable train{"/train_batches",
                   {kStepColumn, kEpochColumn, kBatch, kTime, kSamples, kRate},
                   LogTable::Values::batch};
    LogTable validation{
        "/val_batches", {kStepColumn, kEpochColumn, kBatch, kTime, kSamples}, LogTable::Values::batch};
};

const TypeHelp& RunLogger::help() {
    static const TypeHelp help{.summary = "keeps epochs, batches and timings of the run in one HDF5 file",
                               .keys = {{"path", "\"run.h5\"", "the file, below the run directory"},
                                        {"flush", "\"2s\"", "time between writes"},
                                        {"batches", "true", "whether there is a row per batch"}}};
    return help;
}

std::unique_ptr<Callback> RunLogger::from_config(const Config& keys) {
    if (keys.contains("gradient_norms"))
        keys.at("gradient_norms")
            .fail("norms of gradients have a callback of their own: add type = \"gradient_norm_logger\"");
    const Options defaults;
    return construct_from<RunLogger>(keys, {.path = keys.get("path", defaults.path.string()),
                                            .flush = read_seconds(keys, "flush", defaults.flush),
                                            .batches = keys.get("batches", defaults.batches)});
}

RunLogger::RunLogger(Options options) : options_(std::move(options)) {
    if (options_.path.empty()) throw ConfigError("run_logger: path is empty; for example path = \"run.h5\"");
    if (!(options_.flush > 0.0))
        throw ConfigError(
            fmt::format("run_logger: flush: expected a time above 0, got {} s", options_.flush));
}

RunLogger::~RunLogger() = default;

void RunLogger::on_train_begin(const Logs& /*logs*/) {
    open();
    write_run_facts(*tables_->file, run(), run_id_, start_);
    append_rank_places(*tables_->file, run());
    describe_rank_timings(*tables_->file);
    epoch_timer_.restart();
    tables_->file->flush();
    run().share_run_file(tables_->file);
}

void RunLogger::open() {
    const std::filesystem::path path = run().claim_output(options_.path);
    const bool append = !resumed_.is_null() && std::filesystem::exists(path);
    const auto flush = std::chrono::milliseconds(static_cast<std::int64_t>(options_.flush * 1e3) + 1);
    const io::TableFile::Options options{.flush_interval = flush, .append = append};
    tables_ = std::make_unique<Tables>(std::make_shared<io::TableFile>(path.string(), options));
    const Config state = std::exchange(resumed_, Config());
    if (append) return cut_to_checkpoint(state);
    if (!state.is_null()) log::warning("{} is gone: the log of the resumed run begins anew", path.string());
    start_ = unix_time();
    run_id_ = run().notes().get<std::string>("run_id", new_run_id(start_));
}

/// Also tables that the checkpoint does not know: they appeared after it.
void RunLogger::cut_to_checkpoint(const Config& state) {
    const Config rows = state.at("rows");
    std::map<std::string, std::uint64_t> counts;
    for (const std::string& table : tables_->file->tables())
        counts[table] = table == kRankPlaceTable ? 0 : rows.get<std::size_t>(table, 0);
    tables_->file->truncate(std::move(counts));
    run_id_ = state.get<std::string>("run_id");
    start_ = state.get<double>("start");
}

void RunLogger::on_epoch_begin(int /*epoch*/, const Logs& /*logs*/) {
    epoch_timer_.restart();
}

void RunLogger::on_train_batch_end(std::int64_t batch, const Logs& logs) {
    if (!options_.batches) return;
    const std::array<Cell, 6> own{run().step(),
                                  std::int64_t{run().epoch()},
                                  batch,
                                  unix_time(),
                                  static_cast<std::int64_t>(run().batch_samples()),
                                  run().used_learning_rate()};
    tables_->train.append(*tables_->file, own, logs, run().batch_logs());
}

/// An evaluation of its own belongs to no run.
void RunLogger::on_test_batch_end(std::int64_t batch, const Logs& logs) {
    if (!tables_ || !options_.batches) return;
    const std::array<Cell, 5> own{run().step(), std::int64_t{run().epoch()}, batch, unix_time(),
                                  static_cast<std::int64_t>(run().batch_samples())};
    tables_->validation.append(*tables_->file, own, logs, run().batch_logs());
}

void RunLogger::on_epoch_end(int epoch, const Logs& logs) {
    const std::array<Cell, 4> own{std::int64_t{epoch}, unix_time(), epoch_timer_.seconds(),
                                  run().used_learning_rate()};
    tables_->epochs.append(*tables_->file, own, logs, logs);
    append_rank_timings(*tables_->file, run(), epoch);
    tables_->file->flush_soon();
}

void RunLogger::on_train_end(const Logs& /*logs*/) {
    close(run().stops() ? "stopped" : "finished", run().stop_reason());
}

void RunLogger::on_exception(const std::exception& error) noexcept {
    try {
        if (tables_) close("failed", error.what());
    } catch (const std::exception& second) {
        log::error("{}", second.what());
    }
}

void RunLogger::close(const std::string& status, const std::string& reason) {
    run().share_run_file(nullptr);
    tables_->file->attribute("status", status);
    tables_->file->attribute("stop_reason", reason);
    tables_->file->attribute("end", unix_time());
    tables_->file->close();
    tables_.reset();
}

Config RunLogger::state() const {
    if (!tables_) return {};
    tables_->file->flush();
    Config rows = Config::table();
    for (const std::string& table : tables_->file->tables()) rows.set(table, tables_->file->rows(table));
    return Config::table({{"run_id", run_id_}, {"start", start_}, {"rows", rows}});
}

void RunLogger::restore(const Config& state) {
    resumed_ = state;
}

}  // namespace lockstep
