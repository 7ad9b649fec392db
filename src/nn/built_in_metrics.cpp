#include <lockstep/nn/metrics/accuracy.h>
#include <lockstep/nn/metrics/agreement.h>
#include <lockstep/nn/metrics/auc.h>
#include <lockstep/nn/metrics/class_recall.h>
#include <lockstep/nn/metrics/confusion_counts.h>
#include <lockstep/nn/metrics/cosine_similarity_metric.h>
#include <lockstep/nn/metrics/f_score.h>
#include <lockstep/nn/metrics/mean_io_u.h>
#include <lockstep/nn/metrics/precision.h>
#include <lockstep/nn/metrics/r2_score.h>
#include <lockstep/nn/metrics/rate_at.h>
#include <lockstep/nn/metrics/root_mean_squared_error.h>
#include <lockstep/nn/metrics/top_k_accuracy.h>

#include "built_in.h"

namespace lockstep::built_in {
Registry<Metric> metrics() {
    Registry<Metric> registry("metric");
    add<Accuracy>(registry, "accuracy");
    add<AUC>(registry, "auc");
    add<BalancedAccuracy>(registry, "balanced_accuracy");
    add<BinaryAccuracy>(registry, "binary_accuracy");
    add<CategoricalAccuracy>(registry, "categorical_accuracy");
    add<ClassRecall>(registry, "class_recall");
    add<CohenKappa>(registry, "cohen_kappa");
    add<CosineSimilarityMetric>(registry, "cosine_similarity");
    add<F1Score>(registry, "f1_score");
    add<FalseNegatives>(registry, "false_negatives");
    add<FalsePositives>(registry, "false_positives");
    add<FBetaScore>(registry, "fbeta_score");
    add<IoU>(registry, "io_u");
    add<MatthewsCorrelationCoefficient>(registry, "matthews_correlation_coefficient");
    add<MeanIoU>(registry, "mean_io_u");
    add<Precision>(registry, "precision");
    add<PrecisionAtRecall>(registry, "precision_at_recall");
    add<R2Score>(registry, "r2_score");
    add<Recall>(registry, "recall");
    add<RecallAtPrecision>(registry, "recall_at_precision");
    add<RootMeanSquaredError>(registry, "rmse");
    add<RootMeanSquaredError>(registry, "root_mean_squared_error");
    add<SensitivityAtSpecificity>(registry, "sensitivity_at_specificity");
    add<SparseCategoricalAccuracy>(registry, "sparse_categorical_accuracy");
    add<SparseTopKCategoricalAccuracy>(registry, "sparse_top_k_categorical_accuracy");
    add<SpecificityAtSensitivity>(registry, "specificity_at_sensitivity");
    add<TopKCategoricalAccuracy>(registry, "top_k_categorical_accuracy");
    add<TrueNegatives>(registry, "true_negatives");
    add<TruePositives>(registry, "true_positives");
    return registry;
}

}  // namespace lockstep::built_in
