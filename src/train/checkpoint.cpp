#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/log/log.h>
#include <lockstep/train/checkpoint.h>
#include <lockstep/train/keras_weights.h>

#include "checkpoint_file.h"
#include "checkpoint_position.h"
#include "trainer_state.h"

namespace lockstep {

namespace {

Config training_config(const Trainer::State& state) {
    return Config::table({{"loss", state.options.loss},
                          {"metrics", Config::array(state.options.metrics)},
                          {"weighted_metrics", Config::array(state.options.weighted_metrics)},
                          {"optimizer", state.options.optimizer},
                          {"seed", state.options.seed},
                          {"shards", state.options.shards}});
}

/// Groups of the arrays that the exchange keeps per weight: optimizer slots and what lies behind them.
std::vector<std::string> array_groups(const OptimizerRule& rule) {
    std::vector<std::string> groups = rule.array_names();
    for (std::string& name : groups) name.insert(0, "/optimizer/");
    return groups;
}

std::string kept_group(const std::string& callback, const std::string& name) {
    return "/callbacks/" + callback + "/" + name;
}

constexpr const char* kWeights = "/weights";

/// Where they are not /weights: the weights that training goes on from. At its end a callback may have put
/// others in their place, for example the best.
constexpr const char* kTrainedWeights = "/trained_weights";

/// Their values as JSON, their copies of the weights as arrays; the index says which there are.
void write_callbacks(io::ArchiveWriter& file, const ParameterLayout& layout, const CallbackStates& states) {
    Config index = Config::table();
    for (const auto& [callback, copies] : states.weights) {
        Config names = Config::array();
        for (const auto& [name, weights] : copies) {
            names.push_back(name);
            write_store(file, kept_group(callback, name), layout, weights);
        }
        index.set(callback, names);
    }
    file.attribute("callbacks", states.values.to_json());
    file.attribute("callback_weights", index.to_json());
}

CallbackStates read_callbacks(const io::ArchiveReader& file, const ParameterLayout& layout) {
    const std::string name = "checkpoint";
    CallbackStates states{.values = Config::from_json(file.text("callbacks"), name)};
    const Config index = Config::from_json(file.text("callback_weights"), name);
    for (const std::string& callback : index.keys())
        for (const std::string& copy : index.get<std::vector<std::string>>(callback)) {
            auto& weights = states.weights[callback][copy];
            weights.resize(layout.size);
            read_store(file, kept_group(callback, copy), layout, weights);
        }
    return states;
}

void require_same(const char* key, const Config& now, const Config& then, const std::filesystem::path& path) {
    if (now == then) return;
    throw ConfigError(fmt::format("{}: the checkpoint was made with {} = {}, this training has {}",
                                  path.string(), key, then.to_json(), now.to_json()));
}

bool is_checkpoint(const std::filesystem::path& path) {
    const io::ArchiveReader file(path.string());
    return file.has_attribute("schema") && file.text("schema").starts_with("lockstep.checkpoint/");
}

}  // namespace

void Trainer::State::write_checkpoint(const std::filesystem::path& path, bool weights_only,
                                      const CallbackList* hooks) {
    const PhaseScope scope(session.status(), RankPhase::checkpoint, path.filename().string());
    engine.exchange().await_all();
    io::ArchiveWriter file(path.string(), kCheckpointSchema);
    const ParameterLayout& layout = model.parameters();
    write_store(file, kWeights, layout, run.weights());  // with those that a hook has just set
    if (!weights_only && hooks != nullptr && hooks->are_states_frozen() && run.has_staged_weights())
        write_store(file, kTrainedWeights, layout, engine.exchange().weights());
    file.attribute("weights_only", std::int64_t{weights_only});
    file.attribute("model", model.config().to_json());
    file.attribute("training", training_config(*this).to_json());
    file.attribute("notes", options.notes.to_json());
    file.attribute("epoch", std::int64_t{position.epochs_done});
    file.attribute("step", position.step);
    write_scaling(file, "inputs", input_scaling);
    write_scaling(file, "targets", target_scaling);
    if (!weights_only) {
        std::size_t index = 0;
        for (const std::string& group : array_groups(engine.rule()))
            write_store(file, group, layout, engine.exchange().array(index++));
        file.attribute("position", position_config(*this).to_json());
        file.attribute("history", history.config().to_json());
        write_callbacks(file, layout, hooks == nullptr ? CallbackStates{} : hooks->states());
    }
    file.commit();
}

void Trainer::State::read_checkpoint(const std::filesystem::path& path) {
    const io::ArchiveReader file(path.string(), kCheckpointSchema);
    if (file.integer("weights_only") != 0)
        throw ConfigError(path.string() + ": has the weights only, not what training needs to continue");
    const auto stored = [&](const char* name) { return Config::from_json(file.text(name), path.string()); };
    require_same("model", model.config(), stored("model"), path);
    const Config now = training_config(*this), then = stored("training");
    for (const char* key : {"loss", "metrics", "optimizer", "seed", "shards"})
        require_same(key, now.at(key), then.at(key), path);
    require_same("weighted_metrics", now.at("weighted_metrics"),
                 then.get("weighted_metrics", Config::array()), path);

    const Config place = stored("position");
    restore_position(*this, place, path);
    history = History::from_config(stored("history"));
    restored =
        RestoredCallbacks{.states = read_callbacks(file, model.parameters()),
                          .stopped = place.get<bool>("stopped"),
                          .stop_reason = place.get<std::string>("stop_reason"),
                          .stop_cause = place.get<bool>("diverged") ? StopCause::diverged : StopCause::wish};
    input_scaling = read_scaling(file, "inputs");
    target_scaling = read_scaling(file, "targets");
}

void Trainer::State::read_weights(const std::filesystem::path& path, bool with_arrays) {
    const auto weights = engine.exchange().weights();
    if (!with_arrays) {
        lockstep::read_weights(path, model, weights);
        return begin_average();
    }
    const io::ArchiveReader file(path.string(), kCheckpointSchema);
    const bool are_apart = !file.arrays(kTrainedWeights).empty();
    read_store(file, are_apart ? kTrainedWeights : kWeights, model.parameters(), weights);
    std::size_t index = 0;
    for (const std::string& group : array_groups(engine.rule()))
        read_store(file, group, model.parameters(), engine.exchange().array(index++));
}

void Trainer::save(const std::filesystem::path& path) {
    state_->run.refuse_in_hook("save");
    state_->session.together([&] {
        if (state_->is_root()) state_->write_checkpoint(path, false, nullptr);
    });
}

void Trainer::restore(const std::filesystem::path& path) {
    state_->run.refuse_in_hook("restore");
    state_->session.together([&] { state_->read_checkpoint(path); });
    state_->load(path, true);
}

void Trainer::load_weights(const std::filesystem::path& path) {
    state_->run.refuse_in_hook("load_weights");
    state_->load(path, false);
}

void Trainer::State::load(const std::filesystem::path& path, bool with_arrays) {
    std::exception_ptr problem;
    engine.write_store([&] {
        try {
            read_weights(path, with_arrays);
        } catch (const std::exception&) {
            problem = std::current_exception();
        }
    });
    session.together([&] {
        if (problem) std::rethrow_exception(problem);
    });
}

void read_weights(const std::filesystem::path& path, const Sequential& model, std::span<float> store) {
    if (path.extension() == ".keras")
        throw DataError(
            fmt::format("{0}: expected a .weights.h5 file, got an archive of Keras; the weights lie in "
                        "it: unzip {0} model.weights.h5",
                        path.string()));
    if (!is_checkpoint(path)) return read_keras_weights(path, model, store);
    read_store(io::ArchiveReader(path.string(), kCheckpointSchema), kWeights, model.parameters(), store);
}

CheckpointInfo read_checkpoint_info(const std::filesystem::path& path) {
    const io::ArchiveReader file(path.string(), kCheckpointSchema);
    const auto stored = [&](const char* name) { return Config::from_json(file.text(name), path.string()); };
    return {.model = stored("model"),
            .training = stored("training"),
            .notes = stored("notes"),
            .input_scaling = read_scaling(file, "inputs"),
            .target_scaling = read_scaling(file, "targets"),
            .epochs_done = static_cast<int>(file.integer("epoch")),
            .step = file.integer("step"),
            .weights_only = file.integer("weights_only") != 0};
}

std::filesystem::path newest_checkpoint(const std::filesystem::path& directory) {
    namespace fs = std::filesystem;
    // By step and epochs done; of several at the end of an epoch, the last one written.
    std::vector<std::tuple<std::int64_t, std::int64_t, fs::file_time_type, fs::path>> sound;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(directory, none)) {
        if (entry.path().extension() != ".h5" || entry.path().filename().string().starts_with('.')) continue;
        try {
            const io::ArchiveReader file(entry.path().string(), kCheckpointSchema);
            file.verify();
            if (file.integer("weights_only") == 0)
                sound.emplace_back(file.integer("step"), file.integer("epoch"), entry.last_write_time(none),
                                   entry.path());
        } catch (const Error& error) {
            log::write(log::Level::warning, "train",
                       fmt::format("not a sound checkpoint, skipped: {}", error.what()));
        }
    }
    return sound.empty() ? fs::path() : std::get<fs::path>(std::ranges::max(sound));
}

}  // namespace lockstep
