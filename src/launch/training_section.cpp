#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include "elements.h"
#include "job_sections.h"
#include "job_values.h"

namespace lockstep {
namespace {

std::optional<int> read_verbose(const Config& training) {
    const Config verbose = training.find("verbose");
    if (verbose.is_null() || verbose == Config("auto")) return std::nullopt;
    if (verbose.is_string()) verbose.fail("expected \"auto\", 0, 1 or 2");
    const int level = verbose.as<int>();
    if (level < 0 || level > 2) verbose.fail("expected \"auto\", 0, 1 or 2, got " + std::to_string(level));
    return level;
}

std::size_t read_class(const Config& weight, const std::string& key) {
    std::size_t number = 0;
    const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (problem != std::errc() || end != key.data() + key.size())
        weight.fail(
            "expected the number of a class as key, from 0, as in class_weight = { 0 = 1.0, 7 = 5.0 }");
    return number;
}

ClassWeight read_class_weight(const Config& table) {
    if (!table.is_null() && !table.is_table())
        table.fail("expected a table of classes and what their samples count, such as { 0 = 1.0, 7 = 5.0 }");
    ClassWeight weights;
    for (const std::string& key : table.keys()) {
        const Config weight = table.at(key);
        weights[read_class(weight, key)] = weight.as<double>();
    }
    return weights;
}

Shuffle read_shuffle(const Config& training) {
    const Config shuffle = training.find("shuffle");
    if (shuffle.is_null()) return true;
    if (!shuffle.is_table()) return shuffle.as<bool>();
    const BlockShuffle blocks{.block = at_least<std::uint64_t>(shuffle, "block", 1, BlockShuffle{}.block),
                              .window = at_least<std::uint64_t>(shuffle, "window", 1, BlockShuffle{}.window)};
    shuffle.reject_unknown_keys();
    return blocks;
}

NonFinite read_on_nonfinite(const Config& training) {
    return choice(training, "on_nonfinite", NonFinite::ignore,
                  {{"ignore", NonFinite::ignore},
                   {"stop", NonFinite::stop},
                   {"skip", NonFinite::skip},
                   {"raise", NonFinite::raise}});
}

}  // namespace

TrainingSection read_training(const Config& training) {
    TrainingSection section;
    section.loss = required(training, "loss", "loss = \"sparse_categorical_crossentropy\"");
    section.metrics = elements(training.find("metrics"));
    section.weighted_metrics = elements(training.find("weighted_metrics"));
    if (training.contains("optimizer")) section.optimizer = training.at("optimizer");
    section.epochs = at_least(training, "epochs", 1, 1);
    section.initial_epoch = at_least(training, "initial_epoch", 0, 0);
    section.batch_size = at_least<std::uint64_t>(training, "batch_size", 1, 32);
    section.shards = at_least<std::size_t>(training, "shards", 1, 0);
    section.elastic = training.get("elastic", false);
    section.steps_per_epoch = optional_at_least<std::int64_t>(training, "steps_per_epoch", 1);
    section.validation_steps = optional_at_least<std::int64_t>(training, "validation_steps", 1);
    section.validation_batch_size = optional_at_least<std::uint64_t>(training, "validation_batch_size", 1);
    section.validation_freq = at_least(training, "validation_freq", 1, 1);
    section.shuffle = read_shuffle(training);
    section.class_weight = read_class_weight(training.find("class_weight"));
    section.verbose = read_verbose(training);
    section.on_nonfinite = read_on_nonfinite(training);
    section.check_replicas = at_least<std::int64_t>(training, "check_replicas", 0, 0);
    if (section.initial_epoch >= section.epochs)
        training.find("initial_epoch")
            .fail("expected less than epochs, which is " + std::to_string(section.epochs));
    training.reject_unknown_keys();
    return section;
}

}  // namespace lockstep
