#include "train_setup.h"

#include <algorithm>

#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/callbacks/run_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/io/replace_file.h>
#include <lockstep/launch/job_file.h>
#include <lockstep/launch/overrides.h>
#include <lockstep/log/log.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/registry.h>
#include <lockstep/train/callback_checks.h>
#include <lockstep/train/checkpoint.h>
#include <lockstep/train/registry.h>

#include "build_info.h"
#include "final_checkpoint.h"

namespace lockstep {
namespace {

template <typename T>
bool is(const std::shared_ptr<Callback>& callback) {
    return dynamic_cast<const T*>(callback.get()) != nullptr;
}

template <typename T>
bool has(const std::vector<std::shared_ptr<Callback>>& callbacks) {
    return std::ranges::any_of(callbacks, is<T>);
}

}  // namespace

Job read_shared_job(const Session& session, const std::filesystem::path& file, const Arguments& arguments) {
    std::string text;
    session.together([&] {
        if (session.is_root()) text = read_text(file);
    });
    text = session.world().broadcast(text);
    std::vector<std::string> overrides = arguments.overrides;
    if (!arguments.weights.empty())
        overrides.push_back("model.weights=" +
                            Config(std::filesystem::absolute(arguments.weights).string()).to_json());
    return read_job(with_overrides(parse_toml(text, file.string()), overrides), file);
}

Sequential build_model(const Job& job) {
    Sequential model = Sequential::from_config(job.model);
    model.build();
    return model;
}

void check_weights(const Job& job, const Sequential& model) {
    if (job.weights.empty()) return;
    std::vector<float> weights(model.parameters().size);
    read_weights(job.weights, model, weights);
}

std::vector<std::shared_ptr<Callback>> make_callbacks(const Job& job) {
    std::vector<std::shared_ptr<Callback>> callbacks;
    for (const Config& config : job.callbacks) callbacks.push_back(callback_registry().make(config));
    if (std::ranges::count_if(callbacks, is<RunLogger>) > 1)
        throw ConfigError("callbacks: run_logger is there twice; it writes the run's one log, so keep one");
    if (!has<RunLogger>(callbacks)) callbacks.push_back(std::make_shared<RunLogger>(RunLogger::Options{}));
    std::ranges::stable_partition(callbacks, is<RunLogger>);  // others add tables to its file
    if (!has<ProgressBar>(callbacks))
        callbacks.push_back(std::make_shared<ProgressBar>(ProgressBar::Options{}));
    callbacks.push_back(std::make_shared<FinalCheckpoint>());
    return callbacks;
}

void check_callbacks(const Job& job, const std::vector<std::shared_ptr<Callback>>& callbacks,
                     const Sequential& model, const JobData& data) {
    check_callbacks(callbacks,
                    log_keys(model, job.training.loss, job.training.metrics, job.training.weighted_metrics,
                             data.validation.has_value()),
                    *make_optimizer(job.training.optimizer));
}

void check_class_weight(const Job& job, const Sequential& model, const Loss& loss) {
    try {
        const ClassWeights fitting(job.training.class_weight, loss, model.output_shape());
    } catch (const ConfigError& error) {
        job.resolved.at("training").at("class_weight").fail(error.what());
    }
}

void agree_on_kernels(const Session& session) {
    std::int64_t common = math::simd_targets();
    for (const std::string& targets : session.world().all_gather(std::to_string(common)))
        common &= std::stoll(targets);
    math::limit_simd_targets(common);
    const std::vector<std::string> cores = session.world().all_gather(math::blas_core());
    const auto other =
        std::ranges::find_if(cores, [&](const std::string& core) { return core != cores.front(); });
    if (session.is_root() && other != cores.end())
        log::warning(
            "rank 0 has OpenBLAS kernels for {}, rank {} for {}: set OPENBLAS_CORETYPE to one that all CPUs "
            "have, "
            "or results depend on which rank runs where",
            cores.front(), other - cores.begin(), *other);
}

Config run_notes(const Session& session, const Job& job) {
    const Config versions = Config::table(
        {{"lockstep", lockstep_version()}, {"mpi", mpi_version()}, {"openblas", math::blas_version()}});
    return Config::table({{"job", job.to_toml()},
                          {"versions", versions},
                          {"ranks", session.size()},
                          {"threads", job.run.threads},
                          {"simd", math::simd_target_name()}});
}

void write_job_file(const Job& job, const std::filesystem::path& directory) {
    io::replace_file((directory / "job.toml").string(), job.to_toml());
}

}  // namespace lockstep
