#include "run_state.h"

#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {

RunState::RunState(const Sequential& model, StepEngine& engine, std::filesystem::path directory, Config notes)
    : model_(model), engine_(engine), directory_(std::move(directory)), notes_(std::move(notes)) {}

std::filesystem::path RunState::output_path(const std::filesystem::path& path) const {
    std::filesystem::path full = directory_ / path;  // an absolute path stays as it is
    std::error_code problem;
    std::filesystem::create_directories(full.parent_path(), problem);
    if (problem)
        throw IoError(full.parent_path().string() + ": cannot make the directory: " + problem.message());
    return full;
}

void RunState::set_learning_rate(double rate) {
    if (!(rate >= 0) || !std::isfinite(rate))
        throw ConfigError(fmt::format("learning rate: expected a finite number >= 0, got {}", rate));
    learning_rate_ = rate;
}

void RunState::stop_training(std::string reason) {
    if (stops_) return;
    stops_ = true;
    stop_reason_ = std::move(reason);
}

void RunState::forget_wishes() {
    stops_ = false;
    stop_reason_.clear();
    staged_.reset();
    requests_.clear();
}

void RunState::refuse_in_hook(const char* function) const {
    if (in_hook_)
        throw Error(fmt::format(
            "{}() was called in a hook: hooks run on rank 0 only, and all ranks must call it together",
            function));
}

std::vector<float> RunState::get_weights() const {
    if (staged_) return *staged_;
    engine_.exchange().await_all();
    const auto weights = engine_.exchange().weights();
    return {weights.begin(), weights.end()};
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

GradientNorms RunState::gradient_norms() const {
    if (!has_norms_)
        throw Error(
            "gradient_norms(): the callback must ask for them: return {.gradient_norms = true} from needs()");
    engine_.exchange().await_all();
    const auto squares = engine_.exchange().squared_norms();
    norms_.assign(squares.begin(), squares.end());
    const double global = std::sqrt(std::accumulate(norms_.begin(), norms_.end(), 0.0));
    for (double& norm : norms_) norm = std::sqrt(norm);
    return {.weights = norms_, .global = global};
}

}  // namespace lockstep
