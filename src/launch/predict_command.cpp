#include <algorithm>
#include <numeric>
#include <vector>

#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/io/archive.h>
#include <lockstep/log/log.h>

#include "commands.h"
#include "data_setup.h"
#include "failures.h"
#include "kernels.h"
#include "saved_run.h"
#include "scaling.h"
#include "threads.h"

namespace lockstep {
namespace {

constexpr const char* kPredictionsSchema = "lockstep.predictions/1";
constexpr std::uint64_t kPiece = 4096;  // targets that are read at once

/// All targets, in the user's units.
std::vector<float> read_targets(const Dataset& data) {
    const std::size_t width = data.target_shape().size();
    std::vector<float> targets(data.size() * width);
    std::vector<std::uint64_t> indices(kPiece);
    for (std::uint64_t first = 0; first < data.size(); first += kPiece) {
        const std::size_t rows = std::min(kPiece, data.size() - first);
        std::iota(indices.begin(), indices.end(), first);
        data.read(std::span(indices).first(rows),
                  {.inputs = {}, .targets = {targets.data() + first * width, rows, width}, .weights = {}});
    }
    return targets;
}

Shape with_samples(std::size_t samples, const Shape& each) {
    std::vector<std::size_t> extents{samples};
    extents.insert(extents.end(), each.extents().begin(), each.extents().end());
    return Shape(extents);
}

void write_predictions(const Predictions& predictions, const Sequential& model, const Dataset& data,
                       const SavedRun& saved, const std::string& output) {
    io::ArchiveWriter file(output, kPredictionsSchema, io::Priority::predictions);
    file.array("/predictions", predictions.values, with_samples(predictions.samples, model.output_shape()));
    std::vector<std::int64_t> index(predictions.samples);
    std::iota(index.begin(), index.end(), std::int64_t{0});
    file.array("/index", index, Shape{index.size()});
    if (data.has_targets())
        file.array("/targets", read_targets(data), with_samples(data.size(), data.target_shape()));
    file.attribute("data", data.describe());
    file.attribute("checkpoint", saved.checkpoint.string());
    file.attribute("step", saved.info.step);
    file.commit();
}

EvaluateOptions predict_options(const SavedRun& saved, const Arguments& arguments) {
    EvaluateOptions options;
    if (saved.job) options.batch_size = saved.job->training.batch_size;
    options.verbose = arguments.log.quiet ? 0 : 1;
    options.callbacks = {std::make_shared<ProgressBar>(ProgressBar::Options{})};
    return options;
}

}  // namespace

ExitCode predict_command(Session& session, const Arguments& arguments) {
    const SavedRun saved = open_saved_run(session, arguments);
    session.watch_stalls(saved.job ? saved.job->run.stall_limits : StallLimits{});
    session.status().enter(RankPhase::loading_data);
    Sequential model = Sequential::from_config(saved.info.model);
    model.build();
    std::optional<Dataset> data;
    session.together([&] { data = open_evaluation_data(saved, arguments.data, false); });
    check_shapes(*data, model, nullptr);
    session.status().enter(RankPhase::starting);
    agree_on_kernels(session);
    use_threads(saved.job ? saved.job->run.threads : 1);

    Trainer trainer(session, model, saved_options(saved));
    trainer.load_weights(saved.checkpoint);
    const std::optional<FeatureScaling>& targets = saved.info.target_scaling;
    const Dataset scaled =
        Scaling{saved.info.input_scaling, data->has_targets() ? targets : std::nullopt}.apply(*data);
    Predictions predictions =
        compute(session, [&] { return trainer.predict(scaled, predict_options(saved, arguments)); });
    session.status().enter(RankPhase::writing, arguments.output);
    session.together([&] {
        if (session.is_root()) write_predictions(predictions, model, *data, saved, arguments.output);
    });
    log::info("{} predictions in {}", data->size(), arguments.output);
    return ExitCode::success;
}

}  // namespace lockstep
