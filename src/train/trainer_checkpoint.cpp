// What a trainer writes into a checkpoint, and takes out of it.
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>
#include <lockstep/train/checkpoint.h>

#include "checkpoint_callbacks.h"
#include "checkpoint_file.h"
#include "checkpoint_position.h"
#include "trainer_state.h"

namespace lockstep {

namespace {

/// Where they are not /weights: the weights that training goes on from. At its end a callback may have put
/// others in their place, for example the best.
constexpr const char* kTrainedWeightsGroup = "/trained_weights";

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

void require_same(const char* key, const Config& now, const Config& then, const std::filesystem::path& path) {
    if (now == then) return;
    throw ConfigError(fmt::format("{}: the checkpoint was made with {} = {}, this training has {}",
                                  path.string(), key, then.to_json(), now.to_json()));
}

}  // namespace

void Trainer::State::write_checkpoint(const std::filesystem::path& path, bool weights_only,
                                      const CallbackList* hooks) {
    const PhaseScope scope(session.status(), RankPhase::checkpoint, path.filename().string());
    engine.exchange().await_all();
    io::ArchiveWriter file(path.string(), kCheckpointSchema);
    const ParameterLayout& layout = model.parameters();
    write_store(file, kWeightsGroup, layout, run.weights());  // with those that a hook has just set
    if (!weights_only && hooks != nullptr && hooks->are_states_frozen() && run.has_staged_weights())
        write_store(file, kTrainedWeightsGroup, layout, engine.exchange().weights());
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
    for (const char* key : {"loss", "metrics", "optimizer", "seed"})
        require_same(key, now.at(key), then.at(key), path);
    if (!options.elastic) require_same("shards", now.at("shards"), then.at("shards"), path);
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
    const bool are_apart = !file.arrays(kTrainedWeightsGroup).empty();
    read_store(file, are_apart ? kTrainedWeightsGroup : kWeightsGroup, model.parameters(), weights);
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

}  // namespace lockstep
