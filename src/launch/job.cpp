#include <charconv>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/duration.h>
#include <lockstep/launch/job.h>

#include "elements.h"
#include "job_defaults.h"

namespace lockstep {
namespace {

Config section(const Config& tree, const char* name, const char* example) {
    Config table = tree.find(name);
    if (table.is_null())
        tree.fail(std::string("the table [") + name + "] is missing; for example:\n" + example);
    if (!table.is_table()) table.fail(std::string("expected a table [") + name + "]");
    return table;
}

Config required(const Config& table, const char* key, const char* example) {
    if (table.contains(key)) return table.at(key);
    const auto near = nearest(key, table.keys());
    table.fail(std::string("the key \"") + key + "\" is missing" +
               (near ? " (there is \"" + *near + "\")" : "") + "; for example: " + example);
}

/// An integer from `least` on.
template <typename T>
T at_least(const Config& table, const char* key, T least, T fallback) {
    const Config value = table.find(key);
    if (value.is_null()) return fallback;
    const auto number = value.as<std::int64_t>();
    if (number < static_cast<std::int64_t>(least) || !std::in_range<T>(number))
        value.fail("expected an integer of at least " + std::to_string(least) + ", got " +
                   std::to_string(number));
    return static_cast<T>(number);
}

template <typename T>
std::optional<T> optional_at_least(const Config& table, const char* key, T least) {
    return table.contains(key) ? std::optional<T>(at_least<T>(table, key, least, least)) : std::nullopt;
}

template <typename T>
T choice(const Config& value, std::initializer_list<std::pair<const char*, T>> choices) {
    std::string known;
    for (const auto& [name, meaning] : choices) {
        if (value == Config(name)) return meaning;
        known += (known.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    value.fail("expected one of " + known);
}

ExchangeMode read_exchange(const Config& run) {
    if (!run.contains("exchange")) return ExchangeMode::automatic;
    return choice<ExchangeMode>(run.at("exchange"), {{"auto", ExchangeMode::automatic},
                                                     {"shared", ExchangeMode::node_shared},
                                                     {"private", ExchangeMode::private_copies}});
}

void read_time_limits(const Config& run, RunSection& section) {
    if (run.contains("stop_before")) section.stop_before = read_duration(run.at("stop_before"));
    if (!run.contains("time_limit")) return;
    const Config limit = run.at("time_limit");
    section.time_limit = read_time_limit(limit);
    if (!section.stop_before)
        limit.fail("training stops so long before it as stop_before says: for example stop_before = \"10m\"");
    if (*section.stop_before >= *section.time_limit)
        limit.fail(fmt::format("expected more than stop_before, which is {} s, got {} s",
                               *section.stop_before, *section.time_limit));
}

StallLimits read_stall_limits(const Config& run) {
    StallLimits limits;
    if (run.contains("heartbeat_timeout")) limits.heartbeat = read_duration(run.at("heartbeat_timeout"));
    if (run.contains("stall_timeout")) limits.stall = read_duration(run.at("stall_timeout"));
    return limits;
}

RunSection read_run(const Config& run, const std::filesystem::path& file) {
    RunSection section;
    section.name = run.get<std::string>("name", file.stem().string());
    if (section.name.empty() || section.name.find('/') != std::string::npos || section.name.front() == '.')
        run.find("name").fail("expected a name for a directory, without '/' and not beginning with '.'");
    section.directory = run.get<std::string>("directory", section.directory.string());
    section.seed = at_least<std::uint64_t>(run, "seed", 0, 0);
    section.threads = at_least(run, "threads", 1, 1);
    section.exchange = read_exchange(run);
    read_time_limits(run, section);
    section.stall_limits = read_stall_limits(run);
    run.reject_unknown_keys();
    return section;
}

Cache read_cache(const Config& data) {
    if (!data.contains("cache")) return Cache::none;
    return choice<Cache>(data.at("cache"),
                         {{"none", Cache::none}, {"memory", Cache::memory}, {"node", Cache::node}});
}

std::string read_normalize(const Config& data, const char* key) {
    if (!data.contains(key)) return "";
    return choice<std::string>(data.at(key), {{"standard", "standard"}, {"minmax", "minmax"}, {"none", ""}});
}

double read_validation_split(const Config& data) {
    const Config split = data.find("validation_split");
    if (split.is_null()) return 0.0;
    const auto fraction = split.as<double>();
    if (!(fraction >= 0.0 && fraction < 1.0)) split.fail("expected a number from 0 to below 1");
    if (fraction > 0.0 && data.contains("validation"))
        split.fail("there is also a table `validation`; choose one of the two");
    return fraction;
}

void read_data(Job& job) {
    const Config& data = job.data;
    required(data, "source", "source = \"idx\"");
    required(data, "train", "train = { inputs = \"train-images.gz\", targets = \"train-labels.gz\" }");
    for (const char* part : {"train", "validation", "test"})
        if (data.contains(part)) data.at(part).keys();  // throws unless it is a table
    job.validation_split = read_validation_split(data);
    job.normalize = read_normalize(data, "normalize");
    job.normalize_targets = read_normalize(data, "normalize_targets");
    job.augmentation = elements(data.find("augmentation"));
    job.cache = read_cache(data);
}

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
    if (!training.contains("on_nonfinite")) return NonFinite::ignore;
    return choice<NonFinite>(training.at("on_nonfinite"), {{"ignore", NonFinite::ignore},
                                                           {"stop", NonFinite::stop},
                                                           {"skip", NonFinite::skip},
                                                           {"raise", NonFinite::raise}});
}

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

}  // namespace

Job read_job(const Config& tree, const std::filesystem::path& file) {
    Job job;
    job.run = read_run(tree.find("run"), file);
    job.data = section(tree, "data", kDataExample);
    read_data(job);
    job.model = section(tree, "model", kModelExample);
    required(job.model, "input", "input = [28, 28, 1]");
    required(job.model, "layers", "layers = [{ type = \"dense\", units = 10 }]");
    job.training = read_training(section(tree, "training", kTrainingExample));
    job.callbacks = elements(tree.find("callbacks"));
    job.log = log::read_options(tree.find("log"));
    tree.reject_unknown_keys();
    job.resolved = resolved_tree(tree, job, file);
    job.data = job.resolved.at("data");
    job.model = job.resolved.at("model");
    job.weights = job.model.get<std::string>("weights", "");
    return job;
}

}  // namespace lockstep
