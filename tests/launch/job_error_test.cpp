// What a wrong job file is told: file, line, key, and what to write instead.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>

#include "error_of.h"
#include "job_parts.h"
#include "job_text.h"

namespace lockstep {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct BadJob {
    std::string name;
    std::string from, to;  // what is replaced in the good job
    std::string start;     // of the message: the place
    std::string part;      // the help in it
};

void PrintTo(const BadJob& bad, std::ostream* out) {
    *out << bad.name;
}

class JobError : public testing::TestWithParam<BadJob> {};

TEST_P(JobError, NamesPlaceAndRemedy) {
    const BadJob& bad = GetParam();
    const std::string text = replaced(kGoodJob, bad.from, bad.to);
    const std::string message = error_of<ConfigError>([&] {
        const Job job = job_of(text);
        build_model(job);
    });
    EXPECT_THAT(message, StartsWith(bad.start));
    EXPECT_THAT(message, HasSubstr(bad.part));
}

INSTANTIATE_TEST_SUITE_P(
    Table, JobError,
    testing::Values(
        BadJob{"UnknownTable", "[run]", "[rum]", "job.toml:1: rum", "did you mean \"run\"?"},
        BadJob{"UnknownRunKey", "name = \"tiny\"", "nmae = \"tiny\"", "job.toml:2: run.nmae",
               "did you mean \"name\"?"},
        BadJob{"UnknownTrainingKey", "epochs = 2", "epoch = 2", "job.toml:20: training.epoch",
               "did you mean \"epochs\"?"},
        BadJob{"UnknownTimeout", "name = \"tiny\"", "stall_timout = \"60s\"", "job.toml:2: run.stall_timout",
               "did you mean \"stall_timeout\"?"},
        BadJob{"TimeoutWithoutUnit", "name = \"tiny\"", "heartbeat_timeout = \"soon\"",
               "job.toml:2: run.heartbeat_timeout", "expected a duration such as"},
        BadJob{"UnknownPolicy", "epochs = 2", "on_nonfinite = \"warn\"", "job.toml:20: training.on_nonfinite",
               "expected one of \"ignore\", \"stop\", \"skip\", \"raise\""},
        BadJob{"NegativeChecks", "epochs = 2", "check_replicas = -1", "job.toml:20: training.check_replicas",
               "at least 0, got -1"},
        BadJob{"WrongType", "epochs = 2", "epochs = \"two\"", "job.toml:20: training.epochs",
               "the string \"two\""},
        BadJob{"FractionalEpochs", "epochs = 2", "epochs = 2.5", "job.toml:20: training.epochs",
               "the number 2.5"},
        BadJob{"NoEpochs", "epochs = 2", "epochs = 0", "job.toml:20: training.epochs", "at least 1, got 0"},
        BadJob{"NegativeBatch", "batch_size = 16", "batch_size = -1", "job.toml:21: training.batch_size",
               "at least 1, got -1"},
        BadJob{"NoShards", "batch_size = 16", "shards = 0", "job.toml:21: training.shards",
               "at least 1, got 0"},
        BadJob{"LateStart", "epochs = 2", "epochs = 2\ninitial_epoch = 2",
               "job.toml:21: training.initial_epoch", "less than epochs"},
        BadJob{"Verbose", "epochs = 2", "verbose = 3", "job.toml:20: training.verbose", "got 3"},
        BadJob{"Exchange", "name = \"tiny\"", "exchange = \"none\"", "job.toml:2: run.exchange",
               "\"shared\""},
        BadJob{"ClassWeight", "epochs = 2", "class_weight = [1.0]", "job.toml:20: training.class_weight",
               "such as { 0 = 1.0, 7 = 5.0 }"},
        BadJob{"NoLoss", "loss = \"sparse_categorical_crossentropy\"", "", "job.toml:16: training",
               "for example: loss = "},
        BadJob{"NoModel", "[model]", "[modell]", "job.toml:1", "for example:\n  [model]"},
        BadJob{"NoSource", "source = \"glyphs\"", "", "job.toml:4: data", "for example: source = "},
        BadJob{"NoTrain", "train = {", "trian = {", "job.toml:4: data", "there is \"trian\""},
        BadJob{"Normalize", "source = \"glyphs\"", "source = \"glyphs\"\nnormalize = \"zscore\"",
               "job.toml:6: data.normalize", "\"standard\""},
        BadJob{"SplitOfAll", "source = \"glyphs\"", "source = \"glyphs\"\nvalidation_split = 1.0",
               "job.toml:6: data.validation_split", "below 1"},
        BadJob{"TwoValidations", "source = \"glyphs\"",
               "source = \"glyphs\"\nvalidation_split = 0.5\nvalidation = { samples = 3 }",
               "job.toml:6: data.validation_split", "choose one"},
        BadJob{"NameWithSlash", "\"tiny\"", "\"a/b\"", "job.toml:2: run.name", "without '/'"},
        BadJob{"NoUnits", "units = 16", "units = 0", "job.toml:12: model.layers[1]", "0"},
        BadJob{"UnknownLayer", "\"flatten\"", "\"flaten\"", "job.toml:11: model.layers[0]",
               "did you mean \"flatten\"?"},
        BadJob{"UnknownLayerKey", "units = 16", "unit = 16", "job.toml:12: model.layers[1]", "units"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace lockstep
