#include "monitor.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

constexpr std::array<std::string_view, 11> kErrorWords{
    "error", "mae", "mape", "mse", "msle", "rmse", "rmsle", "crossentropy", "hinge", "divergence", "kld"};
constexpr std::array<std::string_view, 4> kScoreParts{"acc", "precision", "recall", "top_k"};

std::vector<std::string> words_of(const std::string& name) {
    std::vector<std::string> words;
    std::istringstream stream(name);
    for (std::string word; std::getline(stream, word, '_');) words.push_back(std::move(word));
    return words;
}

bool is_error_word(const std::string& word) {
    return std::ranges::find(kErrorWords, word) != kErrorWords.end();
}

/// Whole words: "layer2" is no r2.
bool is_score_word(const std::string& word) {
    return word.starts_with("f1") || word.starts_with("r2") || word.starts_with("auc") ||
           word.ends_with("auc");
}

/// None: the name does not tell.
std::optional<bool> lower_is_better_by_name(std::string name) {
    std::ranges::transform(name, name.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    const std::vector<std::string> words = words_of(name);
    if (name.ends_with("loss") || std::ranges::any_of(words, is_error_word)) return true;
    const auto is_in_name = [&](std::string_view part) { return name.find(part) != std::string::npos; };
    if (std::ranges::any_of(kScoreParts, is_in_name) || std::ranges::any_of(words, is_score_word))
        return false;
    return std::nullopt;
}

bool direction(const std::string& key, const std::string& mode, const std::string& callback) {
    if (mode == "min" || mode == "max") return mode == "min";
    if (mode != "auto")
        throw ConfigError(
            fmt::format(R"({}: mode: expected "auto", "min" or "max", got "{}")", callback, mode));
    const std::optional<bool> by_name = lower_is_better_by_name(key);
    if (!by_name)
        throw ConfigError(
            fmt::format("{}: mode: the name \"{}\" does not tell whether more or less of it is better; "
                        "expected mode = \"min\" or mode = \"max\", got \"auto\"; or is the name wrong?",
                        callback, key));
    return *by_name;
}

}  // namespace

Monitor::Monitor(std::string key, const std::string& mode, double min_delta, const std::string& callback)
    : key_(std::move(key)), min_delta_(min_delta), is_lower_better_(true) {
    if (key_.empty())
        throw ConfigError(
            callback + ": monitor: expected a key of the logs, got \"\"; for example monitor = \"val_loss\"");
    if (!std::isfinite(min_delta_) || min_delta_ < 0.0)
        throw ConfigError(
            fmt::format("{}: min_delta: expected a number >= 0, got {}; for example min_delta = 1e-3",
                        callback, min_delta_));
    is_lower_better_ = direction(key_, mode, callback);
}

bool Monitor::is_better(double value, double than) const {
    return is_lower_better_ ? value + min_delta_ < than : value - min_delta_ > than;
}

double Monitor::worst() const {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return is_lower_better_ ? kInfinity : -kInfinity;
}

}  // namespace lockstep
