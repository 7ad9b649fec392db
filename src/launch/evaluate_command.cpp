#include <cstdio>

#include <fmt/format.h>

#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/log/log.h>
#include <lockstep/nn/registry.h>

#include "commands.h"
#include "data_setup.h"
#include "failures.h"
#include "kernels.h"
#include "saved_run.h"
#include "scaling.h"
#include "threads.h"

namespace lockstep {
namespace {

void print_json(const Logs& logs, const Dataset& data, const SavedRun& saved) {
    Config result = Config::table();
    for (const auto& [key, value] : logs.entries()) result.set(key, value);
    result.set("samples", static_cast<std::size_t>(data.size()));
    result.set("data", data.describe());
    result.set("checkpoint", saved.checkpoint.string());
    std::puts(result.to_json(2).c_str());
}

void print_lines(const Logs& logs, const Dataset& data) {
    std::printf("%s, %llu samples\n", data.describe().c_str(), static_cast<unsigned long long>(data.size()));
    for (const auto& [key, value] : logs.entries()) std::printf("%s: %.6g\n", key.c_str(), value);
}

/// Beside JSON or -q there is no room for a progress bar.
EvaluateOptions evaluate_options(const SavedRun& saved, const Arguments& arguments) {
    EvaluateOptions options;
    if (saved.job)
        options.batch_size =
            saved.job->training.validation_batch_size.value_or(saved.job->training.batch_size);
    options.verbose = arguments.json || arguments.log.quiet ? 0 : 1;
    options.callbacks = {std::make_shared<ProgressBar>(ProgressBar::Options{})};
    return options;
}

}  // namespace

ExitCode evaluate_command(Session& session, const Arguments& arguments) {
    const SavedRun saved = open_saved_run(session, arguments);
    session.watch_stalls(saved.job ? saved.job->run.stall_limits : StallLimits{});
    session.status().enter(RankPhase::loading_data);
    Sequential model = Sequential::from_config(saved.info.model);
    model.build();
    const std::unique_ptr<Loss> loss = make_loss(saved.info.training.at("loss"));
    std::optional<Dataset> data;
    session.together([&] { data = open_evaluation_data(saved, arguments.data, true); });
    check_shapes(*data, model, loss.get());
    check_labels(session, *data, model, *loss);
    session.status().enter(RankPhase::starting);
    agree_on_kernels(session);
    use_threads(saved.job ? saved.job->run.threads : 1);

    Trainer trainer(session, model, saved_options(saved));
    trainer.load_weights(saved.checkpoint);
    if (saved.info.step > 0)
        log::info("{}: {} epochs, {} updates", saved.checkpoint.string(), saved.info.epochs_done,
                  saved.info.step);
    else
        log::info("weights from {}", saved.checkpoint.string());
    const Dataset scaled = Scaling{saved.info.input_scaling, saved.info.target_scaling}.apply(*data);
    const Logs logs =
        compute(session, [&] { return trainer.evaluate(scaled, evaluate_options(saved, arguments)); });
    if (session.is_root() && arguments.json) print_json(logs, scaled, saved);
    if (session.is_root() && !arguments.json) print_lines(logs, scaled);
    return ExitCode::success;
}

}  // namespace lockstep
