#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/backup_and_restore.h>
#include <lockstep/comm/session.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>
#include <lockstep/train/checkpoint.h>
#include <lockstep/train/trainer.h>

#include "support/from_config.h"
#include "support/save_schedule.h"

namespace lockstep {

namespace {

namespace fs = std::filesystem;

constexpr const char* kBackup = "backup.h5";
constexpr const char* kPrevious = "backup-previous.h5";

/// A damaged file has none worth keeping.
std::int64_t steps_of(const fs::path& checkpoint) {
    try {
        return read_checkpoint_info(checkpoint).step;
    } catch (const IoError&) {
        return 0;
    }
}

}  // namespace

BackupAndRestore::BackupAndRestore(Options options)
    : options_(std::move(options)),
      schedule_(std::make_unique<SaveSchedule>(options_.save_freq, "backup_and_restore")) {
    if (options_.backup_dir.empty())
        throw ConfigError(
            "backup_and_restore: backup_dir is empty; for example backup_dir = \"checkpoints\"");
}

BackupAndRestore::~BackupAndRestore() = default;

bool BackupAndRestore::resume(const Session& session, Trainer& trainer, const fs::path& backup_dir) {
    std::string newest;
    session.together([&] {
        if (session.is_root()) newest = newest_checkpoint(backup_dir).string();
    });
    newest = session.world().broadcast(newest);
    if (newest.empty()) return false;
    trainer.restore(newest);
    if (session.is_root()) log::info("continued from {}, {} epochs done", newest, trainer.epochs_done());
    return true;
}

void BackupAndRestore::on_train_begin(const Logs& /*logs*/) {
    for (const char* name : {kBackup, kPrevious})
        refuse_to_lose(run().claim_output(options_.backup_dir / name));
    if (!std::exchange(resumed_, false)) schedule_->restart();
    has_warned_ = false;
}

/// A training that goes on has what the backup holds, or left it on purpose.
void BackupAndRestore::refuse_to_lose(const fs::path& backup) const {
    if (run().step() > 0 || !fs::exists(backup)) return;
    if (const std::int64_t steps = steps_of(backup); steps > 0)
        throw ConfigError(fmt::format(
            "backup_and_restore: {} holds {} steps of an interrupted training, and this one begins anew: "
            "continue from it (--resume, or BackupAndRestore::resume before fit), or remove it",
            backup.string(), steps));
}

void BackupAndRestore::on_train_batch_end(std::int64_t /*batch*/, const Logs& logs) {
    if (schedule_->is_due_after_batch(run().step())) save(logs);
}

void BackupAndRestore::on_epoch_end(int epoch, const Logs& logs) {
    if (schedule_->is_due_after_epoch(epoch)) save(logs);
}

/// The newest backup changes its name before the next one is written: at any time there is one.
void BackupAndRestore::save(const Logs& logs) {
    if (!is_loss_finite(logs)) {
        if (!std::exchange(has_warned_, true))
            log::warning("backup_and_restore: the loss is {}: the last backup with a finite one stays",
                         logs.at("loss"));
        return;
    }
    const fs::path backup = options_.backup_dir / kBackup;
    if (options_.double_checkpoint) {
        std::error_code none_yet;
        fs::rename(run().output_path(backup), run().output_path(options_.backup_dir / kPrevious), none_yet);
    }
    schedule_->restart();
    run().request_checkpoint({.path = backup, .weights_only = false});
}

void BackupAndRestore::on_train_end(const Logs& logs) {
    const bool goes_on_later = run().stops() && run().stop_cause() == StopCause::request;
    if (!options_.delete_checkpoint || !is_loss_finite(logs) || goes_on_later) return;
    for (const char* name : {kBackup, kPrevious}) run().remove_checkpoint(options_.backup_dir / name);
}

Config BackupAndRestore::state() const {
    return Config::table({{"seconds_since_save", schedule_->seconds()}});
}

void BackupAndRestore::restore(const Config& state) {
    schedule_->resume(state.get<double>("seconds_since_save"));
    resumed_ = true;
}

const TypeHelp& BackupAndRestore::help() {
    static const TypeHelp help{
        .summary = "keeps one checkpoint to resume from, and deletes it when training ends well",
        .keys = {
            {"backup_dir", "\"checkpoints\"", "where it lies; --resume looks into the default only"},
            {"save_freq", "\"epoch\"", "\"epoch\", a number of batches, \"5 epochs\" or a time: \"10m\""},
            {"double_checkpoint", "false", "keep the one before too, as backup-previous.h5"},
            {"delete_checkpoint", "true",
             "delete it when training ends, but not after an error or a stop on request"}}};
    return help;
}

std::unique_ptr<Callback> BackupAndRestore::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<BackupAndRestore>(
        keys, {.backup_dir = keys.get("backup_dir", defaults.backup_dir.string()),
               .save_freq = read_save_freq(keys, defaults.save_freq),
               .double_checkpoint = keys.get("double_checkpoint", defaults.double_checkpoint),
               .delete_checkpoint = keys.get("delete_checkpoint", defaults.delete_checkpoint)});
}

}  // namespace lockstep
