#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <lockstep/data/batch_plan.h>
#include <lockstep/data/feature_scaling.h>
#include <lockstep/train/history.h>
#include <lockstep/train/trainer.h>

#include "callback_list.h"
#include "objective.h"
#include "run_state.h"
#include "step_engine.h"
#include "stop_requests.h"

namespace lockstep {

/// Where training is.
struct TrainingPosition {
    std::uint64_t pass = 0;        // walks over the data begun before the one at hand
    std::uint64_t pass_batch = 0;  // batches of the pass at hand that are done
    std::int64_t step = 0;         // updates begun
    int epochs_done = 0;
    std::int64_t epoch_batch = 0;  // batches of the epoch at hand that are done
};

/// What a checkpoint holds for the callbacks, and whether they had stopped training.
struct RestoredCallbacks {
    CallbackStates states;
    bool stopped = false;
    std::string stop_reason = {};
    StopCause stop_cause = StopCause::wish;
};

/// A validation that was broken off when training was suspended, and the epoch that it belongs to.
struct UnfinishedValidation {
    std::int64_t batches = 0;                  // that are done
    std::vector<double> numbers = {};          // on rank 0: what the objective left behind in them
    std::vector<std::int64_t> confusion = {};  // counts of all ranks; empty if no callback needs them
    Logs logs = {};                            // on rank 0: of the epoch's training
    std::vector<RankTiming> timings = {};      // likewise
};

/// All that a trainer knows between its calls.
class Trainer::State {
public:
    State(Session& session, Sequential& model, TrainerOptions options);

    Session& session;
    Sequential& model;
    const TrainerOptions options;
    std::unique_ptr<Optimizer> optimizer;
    Objective objective;
    StepEngine engine;
    RunState run;
    TrainingPosition position;
    History history;
    std::optional<FeatureScaling> input_scaling, target_scaling;  // of the data that the model was trained on
    std::vector<double> epoch_numbers;  // on rank 0: what the objective left behind in this epoch's batches
    std::optional<RestoredCallbacks> restored;       // from a checkpoint, until fit() goes on from there
    std::optional<UnfinishedValidation> validation;  // when suspended, and until fit() goes on from there
    std::vector<std::string> records;                // likewise: reports of ranks on the epoch at hand
    std::optional<StopRequests> stop_requests;       // in fit()
    bool suspended = false;                          // fit() was asked to stop

    bool is_root() const { return session.is_root(); }
    BatchPlan plan() const;
    CallbackList make_callbacks(const std::vector<std::shared_ptr<Callback>>& callbacks);
    /// Collective. Turns on what the callbacks need. `probed`: the data whose first samples they look at.
    void provide(const CallbackList& hooks, const Dataset& probed, const std::string& name);
    /// Throws ShapeError or DataError if the data do not fit the model. `inputs`: the shape that it gets to
    /// see.
    void check_data(const Dataset& data, const Shape& inputs, bool with_targets) const;

    /// Whether rank 0 should suspend training now; false on other ranks.
    bool is_asked_to_stop();
    /// On rank 0, after StepEngine::collect().
    void hear_stop_signals();
    /// On rank 0, what becomes of the attempt at hand. `wish`: stop or suspend before this batch, or proceed.
    StepControl decide(const CallbackList& hooks,
                       StepControl::Action wish = StepControl::Action::proceed) const;
    /// Collective. After a dropped attempt: installs weights, or throws what a hook threw. False if training
    /// stops or is suspended.
    bool resolve_drop(CallbackList& hooks);
    /// Collective, outside of batches: what hooks wished takes effect on all ranks.
    void settle(CallbackList& hooks);

    /// Collective. Rank 0's logs, on every rank.
    Logs share(const Logs& logs) const;

    /// On rank 0. Throws IoError.
    void write_checkpoint(const std::filesystem::path& path, bool weights_only, const CallbackList* hooks);
    /// On every rank: everything but weights and slots. Throws IoError, DataError or ConfigError.
    void read_checkpoint(const std::filesystem::path& path);
    /// Collective: weights, and slots too if `with_arrays`, into every node's store.
    void load(const std::filesystem::path& path, bool with_arrays);

private:
    void begin_average();
    void read_weights(const std::filesystem::path& path, bool with_arrays);
    [[noreturn]] void throw_together(CallbackList& hooks);
    std::unique_ptr<Probe> make_probe(std::size_t samples, const Dataset& data, const std::string& name);
};

}  // namespace lockstep
