#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/train/callback.h>

namespace lockstep {

class EventFile;

/// Writes what TensorBoard shows, without TensorFlow: `tensorboard --logdir <log_dir>`.
///
///     std::make_shared<TensorBoard>(TensorBoard::Options{.histogram_freq = 1, .update_freq = 10})
///
/// Event files in <log_dir>/train and, if there is validation data, <log_dir>/validation. Tags are Keras':
///
///     epoch_loss, epoch_<metric>, epoch_learning_rate         at step = epoch, from 0
///     batch_loss, batch_<metric>                              this batch alone, at run().step()
///     evaluation_<metric>_vs_iterations                       of the validation, at the last run().step()
///     <layer>/<weight>/histogram, gradient, image             at step = epoch
///     model, inputs/0, ...                                    once
///     <layer>/activations                                     at step = epoch
///
/// There is no graph: write_graph writes the model's table as a text. Pictures are scaled from the smallest
/// value (black) to the largest. Training alone is written: an evaluation outside of fit is not.
///
/// The state is the files and their sizes: a resumed run cuts what was written after its checkpoint and
/// continues the same files, so that no curve overlaps itself. A TensorBoard that watched meanwhile must be
/// started again. A training that begins anew removes event files that are there already, unless log_dir is
/// absolute or there is no run directory: then trainings may share it.
class TensorBoard final : public Callback {
public:
    struct Options {
        std::filesystem::path log_dir = "logs";  // absolute, or below the run directory
        int histogram_freq = 0;                  // epochs between histograms of the weights; 0: none
        bool write_graph = true;
        bool write_images = false;  // weights as images, with the histograms or every image_freq epochs
        bool write_steps_per_second = false;  // epoch_steps_per_second (without validation), batch_...
        /// Batches between batch_ values; 1: Keras' "batch"; none: its "epoch".
        std::optional<int> update_freq = {};
        int profile_batch = 0;  // these three are Keras' and refused
        int embeddings_freq = 0;
        std::string embeddings_metadata = {};

        bool write_gradients = false;  // histograms, of an epoch's last batch; costs time at every step
        std::size_t images = 0;        // inputs of so many probe samples
        std::vector<std::string> activations = {};  // layers whose output for the first probe sample is shown
        int image_freq = 0;                         // epochs between images; 0: histogram_freq
        double flush = 2.0;                         // seconds between writes to the files
    };

    /// Throws ConfigError if an option is out of range, or cannot have an effect.
    explicit TensorBoard(Options options);
    ~TensorBoard() override;

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    // For hooks of other callbacks: they write to the file in <log_dir>/train, and throw Error as long as
    // none is open, that is before on_train_begin of this one. TensorBoard groups tags by what precedes a
    // slash.

    /// Kept with the precision of a float.
    void add_scalar(std::string_view tag, double value, std::int64_t step);
    /// Values that are not finite are left out; their number becomes the scalar <tag>_non_finite.
    void add_histogram(std::string_view tag, std::span<const float> values, std::int64_t step);
    /// `pixels`: [height, width, channels] between 0 (black) and 1; channels: 1 grey, 2 grey and alpha, 3
    /// RGB, 4 RGBA. Throws ShapeError.
    void add_image(std::string_view tag, std::span<const float> pixels, std::size_t height, std::size_t width,
                   std::size_t channels, std::int64_t step);
    /// Markdown.
    void add_text(std::string_view tag, std::string_view text, std::int64_t step);

    Needs needs() const override;

    /// Throws IoError if a file cannot be written, ConfigError if another callback writes to log_dir, a layer
    /// of `activations` does not exist, or inputs are no images.
    void on_train_begin(const Logs& logs) override;
    void on_train_end(const Logs& logs) override;
    void on_epoch_begin(int epoch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_batch_begin(std::int64_t batch, const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_test_end(const Logs& logs) override;
    void on_exception(const std::exception& error) noexcept override;

    /// Writes what is buffered first.
    Config state() const override;
    void restore(const Config& state) override;

private:
    void remove_earlier_attempt() const;
    std::unique_ptr<EventFile> open(const std::string& part, const Config& kept) const;
    EventFile& file() const;
    void describe_run();
    void write_batch();
    void write_epoch(int epoch, const Logs& logs);
    void flush() const;

    Options options_;
    std::unique_ptr<EventFile> train_;       // open from on_train_begin to the next one, or the end of this
    std::unique_ptr<EventFile> validation_;  // null without validation data
    std::vector<std::size_t> layers_;        // whose activations are shown
    Config resumed_;                         // state of the checkpoint; null: a new run
    bool in_fit_ = false;
    Stopwatch epoch_clock_, batch_clock_;
    std::int64_t epoch_steps_ = 0;
    double epoch_seconds_ = 0;  // until the end of the last batch
};

}  // namespace lockstep
