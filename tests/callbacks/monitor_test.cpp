#include "support/monitor.h"

#include <limits>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Monitor, KnowsFromTheNameWhatIsBetter) {
    for (const char* key :
         {"loss", "val_loss", "main_loss", "mae", "val_mse", "mean_absolute_error", "val_mean_squared_error",
          "rmse", "categorical_crossentropy", "val_hinge", "kullback_leibler_divergence", "top_k_error",
          "accuracy_loss", "mse_1", "val_MAE"})
        EXPECT_TRUE(Monitor(key, "auto").is_lower_better()) << key;
    for (const char* key : {"accuracy", "val_acc", "binary_accuracy", "val_auc", "AUC", "auc_1", "roc_auc",
                            "precision", "val_recall", "f1", "f1_score", "val_r2", "r2_score", "top_k",
                            "val_top_k_categorical_accuracy", "precision_at_recall"})
        EXPECT_FALSE(Monitor(key, "auto").is_lower_better()) << key;
}

TEST(Monitor, AsksForTheModeOfOtherNames) {
    for (const char* key : {"score", "val_perplexity", "layer2_norm", "lossy", "terror", "learning_rate"})
        EXPECT_THAT(error_of<ConfigError>([&] { Monitor(key, "auto", 0.0, "early_stopping"); }),
                    testing::AllOf(HasSubstr("early_stopping: mode"), HasSubstr(key),
                                   HasSubstr("mode = \"min\" or mode = \"max\"")))
            << key;
    EXPECT_TRUE(Monitor("score", "min").is_lower_better());
    EXPECT_FALSE(Monitor("loss", "max").is_lower_better());
}

TEST(Monitor, BetterIsByMoreThanMinDelta) {
    const Monitor less("loss", "min", 0.25), more("loss", "max", 0.25);
    EXPECT_TRUE(less.is_better(0.5, 1.0));
    EXPECT_FALSE(less.is_better(0.75, 1.0));
    EXPECT_FALSE(less.is_better(1.5, 1.0));
    EXPECT_TRUE(more.is_better(1.5, 1.0));
    EXPECT_FALSE(more.is_better(1.25, 1.0));
    EXPECT_FALSE(more.is_better(0.5, 1.0));
    EXPECT_FALSE(Monitor("loss", "min").is_better(1.0, 1.0));
}

TEST(Monitor, EveryNumberIsBetterThanTheWorst) {
    EXPECT_EQ(Monitor("loss", "min").worst(), kInfinity);
    EXPECT_EQ(Monitor("loss", "max").worst(), -kInfinity);
    for (const char* mode : {"min", "max"}) {
        const Monitor monitor("loss", mode, 0.5);
        EXPECT_TRUE(monitor.is_better(1e300, monitor.worst())) << mode;
        EXPECT_TRUE(monitor.is_better(-1e300, monitor.worst())) << mode;
        EXPECT_FALSE(monitor.is_better(kNaN, monitor.worst())) << mode;
        EXPECT_FALSE(monitor.is_better(0.0, kNaN)) << mode;
    }
}

TEST(Monitor, SaysWhatItRefuses) {
    const auto refusal = [](const char* key, const char* mode, double min_delta) {
        return error_of<ConfigError>([&] { Monitor(key, mode, min_delta, "reduce_lr_on_plateau"); });
    };
    EXPECT_THAT(refusal("", "min", 0.0), HasSubstr("reduce_lr_on_plateau: monitor"));
    EXPECT_THAT(refusal("loss", "best", 0.0), HasSubstr("got \"best\""));
    EXPECT_THAT(refusal("loss", "min", -1.0), HasSubstr("min_delta: expected a number >= 0, got -1"));
    EXPECT_THAT(refusal("loss", "min", kNaN), HasSubstr("min_delta"));
    EXPECT_THAT(refusal("loss", "min", kInfinity), HasSubstr("min_delta"));
}

}  // namespace
}  // namespace lockstep
