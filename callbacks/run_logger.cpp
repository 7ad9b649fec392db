#include <array>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <lockstep/callbacks/run_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>
#include <lockstep/log/log.h>

#include "support/log_table.h"

namespace lockstep {

namespace {

using io::Cell;

const ColumnMeaning kEpoch{"epoch", "1", "number of the epoch, from 0"};
const ColumnMeaning kBatch{"batch", "1", "number of the batch within the epoch, from 0"};
const ColumnMeaning kStep{"step", "1", "number of the update since the start of training, from 0"};
const ColumnMeaning kTime{"time", "s", "Unix time when the row was made"};
const ColumnMeaning kSamples{"samples", "1", "samples of the batch, over all ranks"};
const ColumnMeaning kRate{"learning_rate", "1", "learning rate of the step; of an epoch: of its last step"};
const ColumnMeaning kDuration{"duration", "s",
                              "time from the start of the epoch to its end, with validation"};
const ColumnMeaning kRank{"rank", "1", "number of the process, from 0"};
const ColumnMeaning kNorm{"norm", "1", "Euclidean norm of the mean gradient of the batch, before clipping"};

const std::vector<ColumnMeaning> kPlaceColumns{kRank,
                                               {"host", "", "name of the machine"},
                                               {"pid", "1", "process id"},
                                               {"cores", "1", "cores that the process may use"},
                                               {"blas_core", "", "kernels that the matrix library chose"}};

const std::vector<ColumnMeaning> kTimingColumns{kEpoch,
                                                kRank,
                                                {"compute", "s", "forward and backward"},
                                                {"exchange", "s", "sums of gradients and updates of weights"},
                                                {"input", "s", "waiting for samples"},
                                                {"callbacks", "s", "hooks"},
                                                {"wait", "s", "waiting for other ranks"}};

/// A row with the names of `columns` and no values yet.
io::Row row_of(const std::vector<ColumnMeaning>& columns) {
    io::Row row;
    for (const ColumnMeaning& column : columns) row.emplace_back(column.name, Cell{});
    return row;
}

void describe(io::TableFile& file, const std::string& table, const std::vector<ColumnMeaning>& columns) {
    for (const ColumnMeaning& column : columns)
        file.describe(table, column.name, column.unit, column.description);
}

io::Row with_cells(io::Row row, std::initializer_list<Cell> cells) {
    std::size_t next = 0;
    for (const Cell& cell : cells) row[next++].second = cell;
    return row;
}

std::string host_name() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

/// Sorts by time, and differs between runs that start in the same second.
std::string new_run_id(double start) {
    return fmt::format("{:%Y%m%d-%H%M%S}-{}-{}", fmt::gmtime(static_cast<std::time_t>(start)), host_name(),
                       getpid());
}

}  // namespace

/// The open file, and rows ready to be filled.
struct RunLogger::Tables {
    io::TableFile file;
    LogTable epochs{"/epochs", {kEpoch, kTime, kDuration, kRate}, LogTable::Values::epoch};
    LogTable train{
        "/train_batches", {kStep, kEpoch, kBatch, kTime, kSamples, kRate}, LogTable::Values::batch};
    LogTable validation{"/val_batches", {kStep, kEpoch, kBatch, kTime, kSamples}, LogTable::Values::batch};
    io::Row timing = row_of(kTimingColumns);

    struct Gradient {
        std::size_t parameter;  // index in the model's parameters
        std::string table;
    };
    std::vector<Gradient> gradients;
    io::Row gradient = row_of({kStep, kNorm});

    Tables(const std::filesystem::path& path, io::TableFile::Options options)
        : file(path.string(), options) {}
};

RunLogger::RunLogger(Options options) : options_(std::move(options)) {
    if (options_.path.empty()) throw ConfigError("run_logger: path is empty; for example path = \"run.h5\"");
    if (!(options_.flush > 0.0))
        throw ConfigError(
            fmt::format("run_logger: flush: expected a time above 0, got {} s", options_.flush));
}

RunLogger::~RunLogger() = default;

void RunLogger::on_train_begin(const Logs& /*logs*/) {
    open();
    write_attributes();
    write_notes();
    write_rank_places();
    if (options_.gradient_norms) prepare_gradients();
    describe(tables_->file, "/ranks/timing", kTimingColumns);
    learning_rate_ = run().learning_rate();
    epoch_timer_.restart();
    tables_->file.flush();
}

void RunLogger::open() {
    const std::filesystem::path path = run().output_path(options_.path);
    const bool append = !resumed_.is_null() && std::filesystem::exists(path);
    const auto flush = std::chrono::milliseconds(static_cast<std::int64_t>(options_.flush * 1e3) + 1);
    tables_ =
        std::make_unique<Tables>(path, io::TableFile::Options{.flush_interval = flush, .append = append});
    const Config state = std::exchange(resumed_, Config());
    if (append) return cut_to_checkpoint(state);
    if (!state.is_null()) log::warning("{} is gone: the log of the resumed run begins anew", path.string());
    start_ = unix_time();
    run_id_ = run().notes().get<std::string>("run_id", new_run_id(start_));
}

/// Also tables that the checkpoint does not know: they appeared after it.
void RunLogger::cut_to_checkpoint(const Config& state) {
    const Config rows = state.at("rows");
    for (const std::string& table : tables_->file.tables())
        tables_->file.truncate(table, table == "/ranks/info" ? 0 : rows.get<std::size_t>(table, 0));
    run_id_ = state.get<std::string>("run_id");
    start_ = state.get<double>("start");
}

void RunLogger::write_attributes() {
    io::TableFile& file = tables_->file;
    const RunInfo& info = run().info();
    file.attribute("schema", kRunSchema);
    file.attribute("run_id", run_id_);
    file.attribute("start", start_);
    file.attribute("end", std::numeric_limits<double>::quiet_NaN());
    file.attribute("status", "running");
    file.attribute("stop_reason", "");
    file.attribute("world_size", info.world_size);
    file.attribute("nodes", info.nodes);
    file.attribute("shards", info.shards);
    file.attribute("seed", static_cast<std::int64_t>(info.seed));
    file.attribute("exchange", info.exchange);
    file.attribute("host", host_name());
    file.attribute("pid", static_cast<std::int64_t>(getpid()));
    file.attribute("slurm_job_id", environment("SLURM_JOB_ID"));
}

/// Facts that the program gave: the job's text, versions and others, each under its name.
void RunLogger::write_notes() {
    const Config& notes = run().notes();
    Config versions = Config::table({{"hdf5", io::hdf5_version()}});
    for (const std::string& key : notes.keys()) {
        if (key == "run_id") continue;
        if (key != "versions") {
            tables_->file.attribute(key, notes.at(key));
            continue;
        }
        for (const std::string& part : notes.at(key).keys()) versions.set(part, notes.at(key).at(part));
    }
    if (!run().info().ranks.empty()) versions.set("blas_core", run().info().ranks.front().blas_core);
    tables_->file.attribute("versions", versions);
}

void RunLogger::write_rank_places() {
    describe(tables_->file, "/ranks/info", kPlaceColumns);
    std::int64_t rank = 0;
    for (const RankPlace& place : run().info().ranks)
        tables_->file.append(
            "/ranks/info",
            with_cells(row_of(kPlaceColumns), {rank++, place.host, place.pid, place.cores, place.blas_core}));
}

void RunLogger::prepare_gradients() {
    const std::vector<Parameter>& parameters = run().model().parameters().parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].rule != WeightRule::optimizer) continue;
        const std::string table = "/gradients/" + parameters[i].path();
        describe(tables_->file, table, {kStep, kNorm});
        tables_->gradients.push_back({.parameter = i, .table = table});
    }
}

void RunLogger::on_epoch_begin(int /*epoch*/, const Logs& /*logs*/) {
    epoch_timer_.restart();
}

/// The rate is asked for before the step: afterwards a schedule or another callback may have set the next
/// one.
void RunLogger::on_train_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {
    learning_rate_ = run().learning_rate();
}

void RunLogger::on_train_batch_end(std::int64_t batch, const Logs& logs) {
    if (options_.gradient_norms) write_gradient_norms();
    if (!options_.batches) return;
    const std::array<Cell, 6> own{run().step(),
                                  std::int64_t{run().epoch()},
                                  batch,
                                  unix_time(),
                                  static_cast<std::int64_t>(run().batch_samples()),
                                  learning_rate_};
    tables_->train.append(tables_->file, own, logs, run().batch_logs());
}

void RunLogger::write_gradient_norms() {
    const GradientNorms norms = run().gradient_norms();
    tables_->gradient[0].second = run().step();
    for (const Tables::Gradient& gradient : tables_->gradients) {
        tables_->gradient[1].second = norms.weights[gradient.parameter];
        tables_->file.append(gradient.table, tables_->gradient);
    }
}

/// An evaluation of its own belongs to no run.
void RunLogger::on_test_batch_end(std::int64_t batch, const Logs& logs) {
    if (!tables_ || !options_.batches) return;
    const std::array<Cell, 5> own{run().step(), std::int64_t{run().epoch()}, batch, unix_time(),
                                  static_cast<std::int64_t>(run().batch_samples())};
    tables_->validation.append(tables_->file, own, logs, run().batch_logs());
}

void RunLogger::on_epoch_end(int epoch, const Logs& logs) {
    const std::array<Cell, 4> own{std::int64_t{epoch}, unix_time(), epoch_timer_.seconds(), learning_rate_};
    tables_->epochs.append(tables_->file, own, logs, logs);
    write_timings(epoch);
    tables_->file.flush();
}

void RunLogger::write_timings(int epoch) {
    std::int64_t rank = 0;
    for (const RankTiming& timing : run().timings())
        tables_->file.append(
            "/ranks/timing",
            with_cells(tables_->timing, {std::int64_t{epoch}, rank++, timing.compute, timing.exchange,
                                         timing.input, timing.callbacks, timing.wait}));
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
    tables_->file.attribute("status", status);
    tables_->file.attribute("stop_reason", reason);
    tables_->file.attribute("end", unix_time());
    tables_->file.close();
    tables_.reset();
}

Config RunLogger::state() const {
    if (!tables_) return {};
    tables_->file.flush();
    Config rows = Config::table();
    for (const std::string& table : tables_->file.tables()) rows.set(table, tables_->file.rows(table));
    return Config::table({{"run_id", run_id_}, {"start", start_}, {"rows", rows}});
}

void RunLogger::restore(const Config& state) {
    resumed_ = state;
}

}  // namespace lockstep
