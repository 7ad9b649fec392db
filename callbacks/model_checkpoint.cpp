#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/model_checkpoint.h>
#include <lockstep/core/error.h>

#include "support/path_template.h"

namespace lockstep {

ModelCheckpoint::ModelCheckpoint(Options options)
    : options_(std::move(options)), template_(std::make_unique<PathTemplate>(options_.path)) {
    if (!options_.path.ends_with(".h5"))
        throw ConfigError("model_checkpoint: path: expected a name that ends in .h5, got \"" + options_.path +
                          "\"");
    if (options_.save_freq && *options_.save_freq <= 0)
        throw ConfigError(fmt::format(
            "model_checkpoint: save_freq: expected \"epoch\" or a number of batches above 0, got {}",
            *options_.save_freq));
}

ModelCheckpoint::~ModelCheckpoint() = default;

/// Logs of batches are known only when the first batch ends.
std::vector<std::string> ModelCheckpoint::monitored() const {
    return options_.save_freq ? std::vector<std::string>{} : template_->log_keys();
}

void ModelCheckpoint::on_train_begin(const Logs& /*logs*/) {
    if (!resumed_) files_.clear();
    resumed_ = false;
}

void ModelCheckpoint::on_train_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {
    remove_old_files();
}

void ModelCheckpoint::on_train_batch_end(std::int64_t batch, const Logs& logs) {
    step_ = run().step();
    batch_ = batch;
    if (options_.save_freq && (step_ + 1) % *options_.save_freq == 0) request(run().epoch(), batch, logs);
}

void ModelCheckpoint::on_epoch_end(int epoch, const Logs& logs) {
    if (!options_.save_freq) request(epoch, batch_, logs);
}

void ModelCheckpoint::on_train_end(const Logs& /*logs*/) {
    remove_old_files();
}

void ModelCheckpoint::request(int epoch, std::int64_t batch, const Logs& logs) {
    const std::string name = template_->render({.epoch = epoch, .step = step_, .batch = batch}, logs);
    const std::filesystem::path file = run().output_path(name);
    std::erase(files_, file);
    files_.push_back(file);
    run().request_checkpoint({.path = name, .weights_only = options_.weights_only});
}

/// The trainer writes a file after the hook that asked for it. An older one may go only when the newest is
/// there.
void ModelCheckpoint::remove_old_files() {
    if (options_.keep == 0 || files_.size() <= options_.keep || !std::filesystem::exists(files_.back()))
        return;
    for (; files_.size() > options_.keep; files_.pop_front()) {
        std::error_code gone_already;
        std::filesystem::remove(files_.front(), gone_already);
    }
}

Config ModelCheckpoint::state() const {
    Config files = Config::array();
    for (const std::filesystem::path& file : files_) files.push_back(file.string());
    return Config::table({{"files", files}, {"step", step_}, {"batch", batch_}});
}

void ModelCheckpoint::restore(const Config& state) {
    files_.clear();
    for (const std::string& file : state.get<std::vector<std::string>>("files")) files_.emplace_back(file);
    step_ = state.get<std::int64_t>("step");
    batch_ = state.get<std::int64_t>("batch");
    resumed_ = true;
}

}  // namespace lockstep
