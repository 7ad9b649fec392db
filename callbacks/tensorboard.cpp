#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/tensorboard.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/event_file.h"
#include "support/every.h"
#include "support/model_events.h"
#include "support/tensorboard_options.h"

namespace lockstep {

namespace {

namespace fs = std::filesystem;

constexpr const char* kTrain = "train";
constexpr const char* kValidation = "validation";
constexpr std::string_view kValidationPrefix = "val_";

bool is_epoch_due(int epoch, int every) {
    return every > 0 && is_due(epoch, every);
}

std::vector<std::size_t> find_layers(const Sequential& model, const std::vector<std::string>& names) {
    std::vector<std::size_t> found;
    for (const std::string& name : names) {
        const auto layer = std::ranges::find(model.layers(), name, &Sequential::Entry::name);
        if (layer == model.layers().end()) {
            std::string known;
            for (const auto& entry : model.layers()) known += (known.empty() ? "" : ", ") + entry.name;
            throw ConfigError(fmt::format(
                "tensorboard: activations: there is no layer \"{}\"; the model has: {}", name, known));
        }
        found.push_back(static_cast<std::size_t>(layer - model.layers().begin()));
    }
    return found;
}

void check_samples(const Shape& shape) {
    if (shape.rank() == 2 || shape.rank() == 3) return;
    throw ConfigError(
        "tensorboard: images: expected samples [height, width] or [height, width, channels], got " +
        shape.to_string());
}

Config place_of(EventFile& file) {
    file.flush();
    return Config::table({{"name", file.name()}, {"size", file.size()}});
}

}  // namespace

TensorBoard::TensorBoard(Options options) : options_(std::move(options)) {
    check_tensorboard(options_);
    if (options_.image_freq == 0) options_.image_freq = options_.histogram_freq;
}

TensorBoard::~TensorBoard() = default;

void TensorBoard::add_scalar(std::string_view tag, double value, std::int64_t step) {
    file().add_scalar(tag, value, step);
}

void TensorBoard::add_histogram(std::string_view tag, std::span<const float> values, std::int64_t step) {
    file().add_histogram(tag, histogram_of(values), step);
}

void TensorBoard::add_image(std::string_view tag, std::span<const float> pixels, std::size_t height,
                            std::size_t width, std::size_t channels, std::int64_t step) {
    file().add_image(tag, picture_of_pixels(pixels, height, width, channels), step);
}

void TensorBoard::add_text(std::string_view tag, std::string_view text, std::int64_t step) {
    file().add_text(tag, text, step);
}

EventFile& TensorBoard::file() const {
    if (train_) return *train_;
    throw Error(
        "tensorboard: no file is open before its on_train_begin: list it before the callbacks that add "
        "to it");
}

Needs TensorBoard::needs() const {
    return {.gradients = options_.write_gradients,
            .probe_samples = std::max<std::size_t>(options_.images, options_.activations.empty() ? 0 : 1)};
}

void TensorBoard::on_train_begin(const Logs& /*logs*/) {
    layers_ = find_layers(run().model(), options_.activations);
    if (options_.images > 0) check_samples(run().model().input_shape());
    run().claim_output(options_.log_dir / kTrain);
    const Config kept = std::exchange(resumed_, Config());
    if (kept.is_null() && !train_ && run().step() == 0) remove_earlier_attempt();
    train_ = open(kTrain, kept.find(kTrain));
    validation_ = run().params().has_validation ? open(kValidation, kept.find(kValidation)) : nullptr;
    if (train_->is_new()) describe_run();
    in_fit_ = true;
    flush();
}

/// It never came to a checkpoint, and TensorBoard would show it and this training as one curve. Where several
/// trainings may write, all files stay.
void TensorBoard::remove_earlier_attempt() const {
    if (options_.log_dir.is_absolute() || run().directory().empty()) return;
    for (const char* part : {kTrain, kValidation})
        remove_event_files(run().output_path(options_.log_dir / part));
}

/// `kept`: what the checkpoint knows of the file; null: nothing.
std::unique_ptr<EventFile> TensorBoard::open(const std::string& part, const Config& kept) const {
    const fs::path directory = options_.log_dir / part;
    const std::string name = kept.get<std::string>("name", "");
    const fs::path path = run().output_path(name.empty() ? directory / "new" : directory / name);
    const auto interval = std::chrono::milliseconds(static_cast<std::int64_t>(options_.flush * 1e3) + 1);
    if (name.empty()) return std::make_unique<EventFile>(new_event_file(path.parent_path()), interval, 0);
    if (!fs::exists(path))
        log::warning("{} is gone: the curves of the resumed run begin anew", path.string());
    return std::make_unique<EventFile>(path, interval, kept.get<std::size_t>("size"));
}

void TensorBoard::describe_run() {
    const int epoch = run().params().initial_epoch;
    if (options_.write_graph) add_model_text(*train_, run().model(), epoch);
    if (options_.images > 0)
        add_input_images(*train_, run().model().input_shape(), run().probe(), options_.images, epoch);
}

void TensorBoard::on_epoch_begin(int /*epoch*/, const Logs& /*logs*/) {
    epoch_steps_ = 0;
    epoch_clock_.restart();
}

void TensorBoard::on_train_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {
    batch_clock_.restart();
}

void TensorBoard::on_train_batch_end(std::int64_t batch, const Logs& /*logs*/) {
    ++epoch_steps_;
    epoch_seconds_ = epoch_clock_.seconds();
    if (options_.update_freq && is_due(run().step(), *options_.update_freq)) write_batch();
    const bool ends_epoch = batch + 1 == run().params().steps || run().stops();
    if (options_.write_gradients && ends_epoch && is_epoch_due(run().epoch(), options_.histogram_freq))
        add_histograms(*train_, run().model().parameters(), run().gradients(), "gradient", run().epoch());
}

void TensorBoard::write_batch() {
    for (const auto& [key, value] : run().batch_logs().entries())
        train_->add_scalar("batch_" + key, value, run().step());
    if (options_.write_steps_per_second)
        train_->add_scalar("batch_steps_per_second", 1.0 / batch_clock_.seconds(), run().step());
}

/// An evaluation of its own belongs to no run.
void TensorBoard::on_test_end(const Logs& logs) {
    if (!in_fit_ || !validation_) return;
    for (const auto& [key, value] : logs.entries())
        validation_->add_scalar("evaluation_" + key + "_vs_iterations", value, run().step());
}

void TensorBoard::on_epoch_end(int epoch, const Logs& logs) {
    write_epoch(epoch, logs);
    const ParameterLayout& layout = run().model().parameters();
    if (is_epoch_due(epoch, options_.histogram_freq))
        add_histograms(*train_, layout, run().weights(), "histogram", epoch);
    if (is_epoch_due(epoch, options_.image_freq)) {
        if (options_.write_images) add_weight_images(*train_, layout, run().weights(), epoch);
        if (!layers_.empty()) add_activation_images(*train_, run().model(), layers_, run().probe(), epoch);
    }
    train_->flush_soon();
    if (validation_) validation_->flush_soon();
}

void TensorBoard::write_epoch(int epoch, const Logs& logs) {
    for (const auto& [key, value] : logs.entries()) {
        if (key == "learning_rate") continue;
        if (validation_ && key.starts_with(kValidationPrefix))
            validation_->add_scalar("epoch_" + key.substr(kValidationPrefix.size()), value, epoch);
        else
            train_->add_scalar("epoch_" + key, value, epoch);
    }
    train_->add_scalar("epoch_learning_rate", run().used_learning_rate(), epoch);
    if (options_.write_steps_per_second && epoch_steps_ > 0)
        train_->add_scalar("epoch_steps_per_second", static_cast<double>(epoch_steps_) / epoch_seconds_,
                           epoch);
}

/// The files stay open for hooks of callbacks that come later.
void TensorBoard::on_train_end(const Logs& /*logs*/) {
    in_fit_ = false;
    flush();
}

void TensorBoard::on_exception(const std::exception& /*error*/) noexcept {
    in_fit_ = false;
    try {
        flush();
    } catch (const std::exception& second) {
        log::error("tensorboard: {}", second.what());
    }
}

void TensorBoard::flush() const {
    if (train_) train_->flush();
    if (validation_) validation_->flush();
}

Config TensorBoard::state() const {
    if (!train_) return resumed_;
    Config state = Config::table({{kTrain, place_of(*train_)}});
    if (validation_) state.set(kValidation, place_of(*validation_));
    return state;
}

void TensorBoard::restore(const Config& state) {
    resumed_ = state;
}

}  // namespace lockstep
