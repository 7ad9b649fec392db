#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/train/callback.h>

namespace lockstep {

struct Progress;

/// Shows how fit, evaluate and predict get on: on a terminal Keras' bar, drawn again at most every 0.05 s;
/// elsewhere one line per epoch and, in long epochs, one every so often, without control characters:
///
///     Epoch 1/5 - 120/422 - 60s - ETA 2:31 - 25600 samples/s - loss: 0.1234
///     Epoch 1/5 - 422/422 - 3:31 - 500ms/step - loss: 0.1012 - val_loss: 0.1043
class ProgressBar final : public Callback {
public:
    struct Options {
        std::optional<int> verbose =
            {};  // 0 silent, 1 bar, 2 one line per epoch; none: as fit, evaluate or predict say
        double progress_every = 60.0;       // seconds between lines where there is no terminal; 0: none
        std::ostream* output = nullptr;     // not owned; null: standard output
        std::optional<bool> terminal = {};  // whether `output` is one; none: find out
    };

    static const TypeHelp& help();
    static std::unique_ptr<Callback> from_config(const Config& keys);

    /// Throws ConfigError if verbose is not 0, 1 or 2, or progress_every is negative.
    explicit ProgressBar(Options options);

    void on_train_begin(const Logs& logs) override;
    void on_train_end(const Logs& logs) override;
    void on_epoch_begin(int epoch, const Logs& logs) override;
    void on_epoch_end(int epoch, const Logs& logs) override;
    void on_train_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_test_begin(const Logs& logs) override;
    void on_test_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_test_end(const Logs& logs) override;
    void on_predict_begin(const Logs& logs) override;
    void on_predict_batch_end(std::int64_t batch, const Logs& logs) override;
    void on_predict_end(const Logs& logs) override;
    void on_exception(const std::exception& error) noexcept override;

private:
    enum class Style { silent, bar, lines };

    std::string epoch_title() const;
    void begin(std::string title);
    void advance(std::int64_t batch, const Logs& logs);
    void finish(const Logs& logs);
    Progress progress(bool ended) const;
    void draw_bar(const Logs& logs, bool ended);
    void write_line(const std::string& line);

    Options options_;
    std::ostream& output_;
    Style style_ = Style::silent;
    bool training_ = false;  // an evaluation within fit shows nothing

    // The walk over batches at hand.
    std::string title_;  // "Epoch 1/5"
    std::int64_t total_ = 0, done_ = 0, timed_ = 0;
    std::uint64_t samples_ = 0;
    Stopwatch clock_;
    double last_batch_ = 0, last_output_ = 0;  // by the clock
    bool bar_drawn_ = false;                   // a line of the terminal is unfinished
};

}  // namespace lockstep
