#include "run_state.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <system_error>

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "callback_name.h"
#include "rate_conflict.h"

namespace lockstep {

namespace {

void require_declared(bool declared, const char* what, const char* need) {
    if (!declared)
        throw Error(fmt::format("{}: the callback must ask for it: return {{.{}}} from needs()", what, need));
}

}  // namespace

RunState::RunState(const Sequential& model, const Optimizer& optimizer, StepEngine& engine,
                   std::filesystem::path directory, Config notes)
    : model_(model),
      optimizer_(optimizer),
      engine_(engine),
      directory_(std::move(directory)),
      notes_(std::move(notes)),
      learning_rate_(optimizer.learning_rate()),
      used_learning_rate_(learning_rate_) {}

std::filesystem::path RunState::output_path(const std::filesystem::path& path) const {
    const std::filesystem::path normal = path.lexically_normal();
    if (path.is_relative() && !normal.empty() && *normal.begin() == "..")
        throw ConfigError(path.string() +
                          ": leads out of the run directory; if that is meant, name the absolute path");
    std::filesystem::path full = directory_ / path;  // an absolute path stays as it is
    std::error_code problem;
    std::filesystem::create_directories(full.parent_path(), problem);
    if (problem)
        throw IoError(full.parent_path().string() + ": cannot make the directory: " + problem.message());
    return full;
}

std::filesystem::path RunState::claim_output(const std::filesystem::path& path) {
    std::filesystem::path whole = output_path(path).lexically_normal();
    if (!claimed_.insert(whole).second)
        throw ConfigError(whole.string() +
                          ": two callbacks would write this file; give one of them another path");
    return whole;
}

double RunState::learning_rate() const {
    const Schedule* schedule = optimizer_.schedule();
    return schedule == nullptr ? learning_rate_ : schedule->rate(engine_.rule().iterations());
}

void RunState::set_learning_rate(double rate) {
    if (const Schedule* schedule = optimizer_.schedule())
        refuse_to_set_rate(caller_ == nullptr ? "set_learning_rate()" : callback_name(*caller_), *schedule);
    if (!(rate >= 0) || !std::isfinite(rate))
        throw ConfigError(fmt::format("learning rate: expected a finite number >= 0, got {}", rate));
    learning_rate_ = rate;
}

void RunState::stop_training(std::string reason, StopCause cause) {
    if (stops_ && cause <= stop_cause_) return;
    stops_ = true;
    stop_cause_ = cause;
    stop_reason_ = std::move(reason);
}

void RunState::forget_wishes() {
    stops_ = false;
    stop_reason_.clear();
    stop_cause_ = StopCause::wish;
    staged_.reset();
    requests_.clear();
    removals_.clear();
    in_validation_ = false;
    claimed_.clear();
    run_file_.reset();
}

void RunState::declare(const Needs& needs, std::unique_ptr<Probe> probe) {
    needs_ = needs;
    probe_ = std::move(probe);
}

std::vector<CheckpointRequest> RunState::take_requests() {
    auto requests = std::exchange(requests_, {});
    if (!in_validation_) return requests;
    const auto later = std::stable_partition(requests.begin(), requests.end(),
                                             [](const auto& request) { return request.weights_only; });
    requests_.assign(later, requests.end());
    requests.erase(later, requests.end());
    return requests;
}

void RunState::set_in_hook(bool in_hook) {
    in_hook_ = in_hook;
    caller_ = nullptr;
    if (probe_) probe_->forget();
}

void RunState::refuse_in_hook(const char* function) const {
    if (in_hook_)
        throw Error(fmt::format(
            "{}() was called in a hook: hooks run on rank 0 only, and all ranks must call it together",
            function));
}

std::span<const float> RunState::weights() const {
    if (staged_) return *staged_;
    engine_.exchange().await_all();
    return engine_.exchange().weights();
}

std::span<const float> RunState::averaged_weights() const {
    const auto average = engine_.rule().average();
    if (!average) return {};
    engine_.exchange().await_all();
    return engine_.exchange().array(*average);
}

void RunState::set_weights(std::vector<float> weights) {
    const std::size_t expected = model_.parameters().size;
    if (weights.size() != expected)
        throw ShapeError(
            fmt::format("set_weights: expected {} values, as model().parameters().size says, got {}",
                        expected, weights.size()));
    staged_ = std::move(weights);
}

std::vector<float> RunState::take_staged_weights() {
    std::vector<float> weights = std::move(*staged_);
    staged_.reset();
    return weights;
}

void RunState::remove_unneeded_checkpoints() {
    for (const auto& path : std::exchange(removals_, {})) {
        std::error_code none;
        std::filesystem::remove(path, none);
    }
}

GradientNorms RunState::gradient_norms() const {
    require_declared(needs_.gradient_norms, "gradient_norms()", "gradient_norms = true");
    engine_.exchange().await_all();
    const auto squares = engine_.exchange().squared_norms();
    norms_.assign(squares.begin(), squares.end());
    const double global = std::sqrt(std::accumulate(norms_.begin(), norms_.end(), 0.0));
    for (double& norm : norms_) norm = std::sqrt(norm);
    return {.weights = norms_, .global = global};
}

std::span<const float> RunState::gradients() const {
    require_declared(needs_.gradients, "gradients()", "gradients = true");
    engine_.exchange().await_all();
    return engine_.exchange().kept_gradients();
}

ConfusionCounts RunState::confusion() const {
    require_declared(needs_.confusion, "confusion()", "confusion = true");
    return confusion_.counts();
}

Probe& RunState::probe() {
    require_declared(probe_ != nullptr, "probe()", "probe_samples = 8");
    return *probe_;
}

io::TableFile& RunState::run_file() const {
    if (!run_file_)
        throw ConfigError("the callback adds tables to the run log: put a RunLogger (run_logger) before it");
    return *run_file_;
}

}  // namespace lockstep
