#include "job_options.h"

#include <lockstep/launch/run_directory.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/kernels.h>

#include "build_info.h"

namespace lockstep {
namespace {

Config run_notes(const Session& session, const Job& job) {
    const Config versions = Config::table(
        {{"lockstep", lockstep_version()}, {"mpi", mpi_version()}, {"openblas", math::blas_version()}});
    return Config::table({{"job", job.to_toml()},
                          {"versions", versions},
                          {"ranks", session.size()},
                          {"threads", job.run.threads},
                          {"simd", math::simd_target_name()}});
}

}  // namespace

TrainerOptions trainer_options(const Session& session, const Job& job,
                               const std::filesystem::path& directory) {
    return {.loss = job.training.loss,
            .metrics = job.training.metrics,
            .weighted_metrics = job.training.weighted_metrics,
            .optimizer = job.training.optimizer,
            .seed = job.run.seed,
            .shards = job.training.shards,
            .elastic = job.training.elastic,
            .exchange = job.run.exchange,
            .on_nonfinite = job.training.on_nonfinite,
            .check_replicas = job.training.check_replicas,
            .directory = directory,
            .notes = run_notes(session, job)};
}

FitOptions fit_options(const Job& job) {
    const TrainingSection& training = job.training;
    return {.batch_size = training.batch_size,
            .epochs = training.epochs,
            .initial_epoch = training.initial_epoch,
            .steps_per_epoch = training.steps_per_epoch,
            .shuffle = training.shuffle,
            .class_weight = training.class_weight,
            .augmentation = job.augmentation,
            .validation_steps = training.validation_steps,
            .validation_batch_size = training.validation_batch_size,
            .validation_freq = training.validation_freq,
            .verbose = training.verbose.value_or(1),
            .stop_checkpoint = stop_checkpoint("")};
}

}  // namespace lockstep
