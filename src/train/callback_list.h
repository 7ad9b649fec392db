#pragma once

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <lockstep/comm/rank_status.h>
#include <lockstep/train/callback.h>

#include "hook.h"
#include "run_state.h"

namespace lockstep {

/// What callbacks keep, by "<class>#<which of them>".
struct CallbackStates {
    Config values = Config::table();
    std::map<std::string, std::map<std::string, std::vector<float>>> weights = {};  // kept_weights()
};

/// The callbacks of one call of fit, evaluate or predict. On rank 0 a hook runs through all of them, in
/// order; the others do nothing. What a hook throws is kept, until the trainer has told the other ranks; from
/// then on no hook runs.
class CallbackList {
public:
    /// Takes a checkpoint that callbacks asked for.
    using Save = std::function<void(const CheckpointRequest&, const CallbackList& hooks)>;

    /// `status`: where it is said which hook runs.
    CallbackList(std::vector<std::shared_ptr<Callback>> callbacks, RunState& run, RankStatus& status,
                 bool runs_here, Save save);
    ~CallbackList();
    CallbackList(const CallbackList&) = delete;
    CallbackList& operator=(const CallbackList&) = delete;

    /// Of all callbacks together; the same on every rank.
    Needs needs() const;

    template <typename... Parameters, typename... Arguments>
    void run(const Hook<Parameters...>& hook, Arguments&&... arguments) {
        if (!runs_here_ || failure_) return;
        const PhaseScope scope(status_);
        run_.set_in_hook(true);
        try {
            for (std::size_t index = 0; index < callbacks_.size(); ++index) {
                Callback& callback = *callbacks_[index];
                status_.enter(RankPhase::hook, hook.name, names_[index]);
                run_.set_caller(&callback);
                (callback.*hook.call)(arguments...);
            }
            for (const auto& request : run_.take_requests()) save_(request, *this);
            run_.remove_unneeded_checkpoints();
        } catch (...) {
            failure_ = std::current_exception();
        }
        run_.set_in_hook(false);
    }

    bool has_failed() const { return failure_ != nullptr; }
    const std::exception_ptr& failure() const { return failure_; }
    /// Lets callbacks close their files after an exception.
    void tell(const std::exception& error) noexcept;

    CallbackStates states() const;
    /// From now on states() are those of this moment: in on_train_end callbacks close their files.
    void freeze_states();
    bool are_states_frozen() const { return frozen_.has_value(); }
    void restore(const CallbackStates& states);

private:
    std::vector<std::pair<std::string, Callback*>> named() const;

    std::vector<std::shared_ptr<Callback>> callbacks_;
    std::vector<std::string> names_;  // of their classes
    RunState& run_;
    RankStatus& status_;
    bool runs_here_;
    Save save_;
    std::exception_ptr failure_;
    std::optional<CallbackStates> frozen_;
};

}  // namespace lockstep
