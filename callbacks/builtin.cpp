#include <lockstep/callbacks/activation_logger.h>
#include <lockstep/callbacks/backup_and_restore.h>
#include <lockstep/callbacks/builtin.h>
#include <lockstep/callbacks/confusion_matrix_logger.h>
#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/callbacks/early_stopping.h>
#include <lockstep/callbacks/gradient_norm_logger.h>
#include <lockstep/callbacks/histogram_logger.h>
#include <lockstep/callbacks/json_logger.h>
#include <lockstep/callbacks/learning_rate_scheduler.h>
#include <lockstep/callbacks/learning_rate_warmup.h>
#include <lockstep/callbacks/loss_spike_detector.h>
#include <lockstep/callbacks/model_checkpoint.h>
#include <lockstep/callbacks/prediction_logger.h>
#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/callbacks/reduce_lr_on_plateau.h>
#include <lockstep/callbacks/remote_monitor.h>
#include <lockstep/callbacks/run_logger.h>
#include <lockstep/callbacks/straggler_monitor.h>
#include <lockstep/callbacks/swap_ema_weights.h>
#include <lockstep/callbacks/tensorboard.h>
#include <lockstep/callbacks/terminate_on_nan.h>
#include <lockstep/callbacks/throughput_monitor.h>
#include <lockstep/callbacks/timer.h>
#include <lockstep/train/registry.h>

namespace lockstep {

namespace {

template <typename T>
void add(const char* type) {
    register_callback(type, T::from_config, T::help());
}

}  // namespace

void register_builtin_callbacks() {
    if (callback_registry().contains("csv_logger")) return;
    add<ActivationLogger>("activation_logger");
    add<BackupAndRestore>("backup_and_restore");
    add<ConfusionMatrixLogger>("confusion_matrix_logger");
    add<CsvLogger>("csv_logger");
    add<EarlyStopping>("early_stopping");
    add<GradientNormLogger>("gradient_norm_logger");
    add<HistogramLogger>("histogram_logger");
    add<JsonLogger>("json_logger");
    add<LearningRateScheduler>("learning_rate_scheduler");
    add<LearningRateWarmup>("learning_rate_warmup");
    add<LossSpikeDetector>("loss_spike_detector");
    add<ModelCheckpoint>("model_checkpoint");
    add<PredictionLogger>("prediction_logger");
    add<ProgressBar>("progress_bar");
    add<ReduceLROnPlateau>("reduce_lr_on_plateau");
    add<RemoteMonitor>("remote_monitor");
    add<RunLogger>("run_logger");
    add<StragglerMonitor>("straggler_monitor");
    add<SwapEMAWeights>("swap_ema_weights");
    add<TensorBoard>("tensorboard");
    add<TerminateOnNaN>("terminate_on_nan");
    add<ThroughputMonitor>("throughput_monitor");
    add<Timer>("timer");
}

}  // namespace lockstep
