#include "lr_schedule.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/registry.h>

namespace lockstep {

namespace {

double read_not_negative(const Config& setting) {
    const auto value = setting.as<double>();
    if (!std::isfinite(value) || value < 0.0)
        setting.fail(fmt::format("expected a number >= 0, got {}", value));
    return value;
}

double get_not_negative(const Config& keys, const char* key, double fallback) {
    const Config setting = keys.find(key);
    return setting.is_null() ? fallback : read_not_negative(setting);
}

/// What all named schedules have.
struct Decay {
    double initial_rate;
    double epochs;

    explicit Decay(const Config& keys)
        : initial_rate(read_not_negative(keys.at("initial_learning_rate"))),
          epochs(read_not_negative(keys.at("decay_epochs"))) {
        if (epochs == 0.0) keys.at("decay_epochs").fail("expected a number above 0, got 0");
    }

    double part(double epoch) const { return epoch / epochs; }
    double part(double epoch, bool staircase) const {
        return staircase ? std::floor(part(epoch)) : part(epoch);
    }
};

LearningRateSchedule exponential(const Decay& decay, double decay_rate, bool staircase) {
    return [=](int epoch, double /*rate*/) {
        return decay.initial_rate * std::pow(decay_rate, decay.part(epoch, staircase));
    };
}

LearningRateSchedule exponential_decay(const Config& keys) {
    return exponential(Decay(keys), read_not_negative(keys.at("decay_rate")), keys.get("staircase", false));
}

LearningRateSchedule step_decay(const Config& keys) {
    return exponential(Decay(keys), read_not_negative(keys.at("decay_rate")), true);
}

LearningRateSchedule inverse_time_decay(const Config& keys) {
    const Decay decay(keys);
    const double decay_rate = read_not_negative(keys.at("decay_rate"));
    const bool staircase = keys.get("staircase", false);
    return [=](int epoch, double /*rate*/) {
        return decay.initial_rate / (1.0 + decay_rate * decay.part(epoch, staircase));
    };
}

LearningRateSchedule polynomial_decay(const Config& keys) {
    const Decay decay(keys);
    const double end = get_not_negative(keys, "end_learning_rate", 1e-4);
    const double power = get_not_negative(keys, "power", 1.0);
    const bool cycle = keys.get("cycle", false);
    return [=](int epoch, double /*rate*/) {
        const double part = decay.part(epoch);
        const double done = cycle ? part / std::max(std::ceil(part), 1.0) : std::min(part, 1.0);
        return (decay.initial_rate - end) * std::pow(1.0 - done, power) + end;
    };
}

LearningRateSchedule cosine_decay(const Config& keys) {
    const Decay decay(keys);
    const double alpha = get_not_negative(keys, "alpha", 0.0);
    const double warmup = get_not_negative(keys, "warmup_epochs", 0.0);
    const double target = get_not_negative(keys, "warmup_target", decay.initial_rate);
    if (keys.contains("warmup_target") != (warmup > 0.0))
        keys.fail(
            "cosine_decay: expected warmup_epochs and warmup_target together, got one of them; for "
            "example warmup_epochs = 5, warmup_target = 0.1");
    return [=](int epoch, double /*rate*/) {
        if (epoch < warmup) return decay.initial_rate + (target - decay.initial_rate) * epoch / warmup;
        const double part = std::min(decay.part(epoch - warmup), 1.0);
        const double cosine = 0.5 * (1.0 + std::cos(std::numbers::pi * part));
        return target * ((1.0 - alpha) * cosine + alpha);
    };
}

Registry<LearningRateSchedule> make_registry() {
    Registry<LearningRateSchedule> schedules("learning rate schedule");
    const auto add = [&](const char* type, LearningRateSchedule (*read)(const Config&)) {
        schedules.add(
            type, [read](const Config& keys) { return std::make_unique<LearningRateSchedule>(read(keys)); });
    };
    add("exponential_decay", exponential_decay);
    add("step_decay", step_decay);
    add("inverse_time_decay", inverse_time_decay);
    add("polynomial_decay", polynomial_decay);
    add("cosine_decay", cosine_decay);
    return schedules;
}

struct Piece {
    int first_epoch;
    double rate;
};

Piece read_piece(const Config& pair) {
    if (!pair.is_array() || pair.size() != 2)
        pair.fail("expected a pair of an epoch and a rate; for example schedule = [[3, 0.05], [6, 0.01]]");
    const int epoch = pair[0].as<int>();
    if (epoch < 0) pair[0].fail(fmt::format("expected an epoch, from 0, got {}", epoch));
    return {epoch, read_not_negative(pair[1])};
}

LearningRateSchedule piecewise_constant(const Config& list) {
    if (list.size() == 0) list.fail("expected at least one pair [epoch, rate], got none");
    std::vector<Piece> pieces;
    for (std::size_t index = 0; index < list.size(); ++index) {
        const Piece piece = read_piece(list[index]);
        if (!pieces.empty() && piece.first_epoch <= pieces.back().first_epoch)
            list[index].fail(fmt::format("expected an epoch after {}, got {}", pieces.back().first_epoch,
                                         piece.first_epoch));
        pieces.push_back(piece);
    }
    return [pieces](int epoch, double rate) {
        for (const Piece& piece : pieces)
            if (piece.first_epoch <= epoch) rate = piece.rate;
        return rate;
    };
}

}  // namespace

LearningRateSchedule read_schedule(const Config& setting) {
    if (setting.is_array()) return piecewise_constant(setting);
    if (!setting.is_table())
        setting.fail(
            "expected a list such as [[3, 0.05], [6, 0.01]], or a table with type = "
            "\"exponential_decay\" or another");
    return std::move(*make_registry().make(setting));
}

}  // namespace lockstep
