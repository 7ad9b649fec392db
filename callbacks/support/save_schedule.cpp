#include "save_schedule.h"

#include <cctype>
#include <cmath>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include <lockstep/core/duration.h>
#include <lockstep/core/error.h>

namespace lockstep {

namespace {

using Seconds = std::chrono::duration<double>;

double amount(const SaveFreq& freq) {
    if (const auto* epochs = std::get_if<Epochs>(&freq)) return static_cast<double>(epochs->count);
    if (const auto* batches = std::get_if<Batches>(&freq)) return static_cast<double>(batches->count);
    return std::get<Seconds>(freq).count();
}

/// "epoch", "5 epochs", "1 batch", and minutes as "10m", which other durations call "10min".
std::optional<SaveFreq> read_count(const std::string& text) {
    if (text == "epoch") return Epochs{1};
    std::istringstream in(text);
    std::int64_t count = 0;
    std::string unit, rest;
    if (!(in >> count >> unit) || in >> rest) return std::nullopt;
    if (unit == "epochs" || unit == "epoch") return Epochs{count};
    if (unit == "batches" || unit == "batch") return Batches{count};
    if (unit == "m") return std::chrono::minutes{count};
    return std::nullopt;
}

bool has_unit(const std::string& text) {
    return !text.empty() && std::isalpha(static_cast<unsigned char>(text.back())) != 0;
}

}  // namespace

SaveSchedule::SaveSchedule(SaveFreq freq, const std::string& callback) : freq_(freq) {
    if (!(amount(freq_) > 0) || !std::isfinite(amount(freq_)))
        throw ConfigError(
            fmt::format("{}: save_freq: expected \"epoch\", or batches, epochs or a time above 0, got {}",
                        callback, amount(freq_)));
}

bool SaveSchedule::is_due_after_batch(std::int64_t step) const {
    const auto* batches = std::get_if<Batches>(&freq_);
    return batches != nullptr ? (step + 1) % batches->count == 0 : is_time_over();
}

bool SaveSchedule::is_due_after_epoch(int epoch) const {
    const auto* epochs = std::get_if<Epochs>(&freq_);
    return epochs != nullptr ? (epoch + 1) % epochs->count == 0 : is_time_over();
}

bool SaveSchedule::is_time_over() const {
    const auto* time = std::get_if<Seconds>(&freq_);
    return time != nullptr && seconds() >= time->count();
}

void SaveSchedule::restart() {
    resume(0);
}

void SaveSchedule::resume(double seconds) {
    before_ = seconds;
    timer_.restart();
}

SaveFreq read_save_freq(const Config& keys, SaveFreq fallback) {
    constexpr const char* kExpected =
        "expected \"epoch\", a number of batches, \"5 epochs\" or a time such as \"10m\"";
    const Config setting = keys.find("save_freq");
    if (setting.is_null()) return fallback;
    if (setting.kind() == Config::Kind::integer) return Batches{setting.as<std::int64_t>()};
    if (!setting.is_string()) setting.fail(fmt::format("{}, got {}", kExpected, setting.to_json()));
    const std::string text = setting.as<std::string>();
    if (const auto count = read_count(text)) return *count;
    if (!has_unit(text)) setting.fail(fmt::format("{}, got \"{}\"", kExpected, text));
    try {
        return Seconds(read_duration(setting));
    } catch (const ConfigError&) {
        setting.fail(fmt::format("{}, got \"{}\"", kExpected, text));
    }
}

bool is_loss_finite(const Logs& logs) {
    return std::isfinite(logs.get("loss", 0.0));
}

}  // namespace lockstep
