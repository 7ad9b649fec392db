#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/launch/overrides.h>

#include "error_of.h"
#include "job_text.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

constexpr const char* kText = R"(
[training]
epochs = 2
loss = "mean_squared_error"
[model]
layers = [{ type = "dense", units = 1 }, { type = "dense", units = 2 }, { type = "dense", name = "a.b", units = 3 }]
[[callbacks]]
type = "csv_logger"
path = "a.csv"
[[callbacks]]
type = "early_stopping"
patience = 1
)";

Config changed(const std::string& assignment) {
    return with_overrides(parse_toml(kText, "job.toml"), {assignment});
}

std::string error_with(const std::string& assignment) {
    return error_of<ConfigError>([&] { changed(assignment); });
}

TEST(Overrides, SetByDottedKey) {
    EXPECT_EQ(changed("training.epochs=5").at("training").get<int>("epochs"), 5);
}

TEST(Overrides, AddWhatIsNotThere) {
    EXPECT_EQ(changed("training.batch_size=7").at("training").get<int>("batch_size"), 7);
    EXPECT_EQ(changed("run.name=x").at("run").get<std::string>("name"), "x");
    EXPECT_TRUE(changed("log.modules={ comm = \"debug\" }").at("log").at("modules").is_table());
}

TEST(Overrides, FindElementsByTypeNameAndIndex) {
    EXPECT_EQ(changed("callbacks.early_stopping.patience=3").at("callbacks")[1].get<int>("patience"), 3);
    EXPECT_EQ(changed("callbacks[0].path=b.csv").at("callbacks")[0].get<std::string>("path"), "b.csv");
    EXPECT_EQ(changed("model.layers.dense.units=9").at("model").at("layers")[0].get<int>("units"), 9);
    EXPECT_EQ(changed("model.layers.dense_1.units=9").at("model").at("layers")[1].get<int>("units"), 9);
    EXPECT_EQ(changed("model.layers.\"a.b\".units=9").at("model").at("layers")[2].get<int>("units"), 9);
    EXPECT_EQ(changed("model.layers[2].units=9").at("model").at("layers")[2].get<int>("units"), 9);
}

TEST(Overrides, TakeTomlAndElseAString) {
    EXPECT_EQ(changed("training.loss=mean_absolute_error").at("training").get<std::string>("loss"),
              "mean_absolute_error");
    EXPECT_EQ(changed("training.loss=\"x\"").at("training").get<std::string>("loss"), "x");
    EXPECT_EQ(changed("model.layers[0].units=[1, 2]").at("model").at("layers")[0].at("units").size(), 2U);
    EXPECT_EQ(changed("run.name=a=b").at("run").get<std::string>("name"), "a=b");
}

TEST(Overrides, AreErrorsWhereTheKindIsAnother) {
    EXPECT_THAT(error_with("training.epochs=many"), HasSubstr("--set training.epochs=many"));
    EXPECT_THAT(error_with("training.epochs.x=1"), HasSubstr("neither a table nor an array"));
    EXPECT_THAT(error_with("training[0]=1"), HasSubstr("neither a table nor an array"));
}

TEST(Overrides, NameTheNearestElement) {
    EXPECT_THAT(error_with("callbacks.erly_stopping.patience=3"),
                HasSubstr("did you mean \"early_stopping\"?"));
    EXPECT_THAT(error_with("model.layers.conv.units=3"), HasSubstr("there are: dense, dense_1, a.b"));
    EXPECT_THAT(error_with("callbacks[2].path=x"), HasSubstr("2 elements"));
}

TEST(Overrides, NeedAKeyAndAValue) {
    EXPECT_THAT(error_with("training.epochs"), HasSubstr("KEY=VALUE"));
    EXPECT_THAT(error_with("=3"), HasSubstr("--set =3"));
    EXPECT_THAT(error_with("callbacks[x].path=1"), HasSubstr("expected an index"));
    EXPECT_THAT(error_with("callbacks[0.path=1"), HasSubstr("expected an index"));
}

TEST(Overrides, LeaveTheOriginalAlone) {
    const Config tree = parse_toml(kText, "job.toml");
    with_overrides(tree, {"training.epochs=5"});
    EXPECT_EQ(tree.at("training").get<int>("epochs"), 2);
}

TEST(Overrides, ReadLikeTheFileUnknownKeysIncluded) {
    EXPECT_EQ(job_of(kGoodJob, {"training.epochs=5"}).training.epochs, 5);
    const std::string message = error_of<ConfigError>([] { job_of(kGoodJob, {"training.epoch=5"}); });
    EXPECT_THAT(message, testing::StartsWith("--set: training.epoch"));
    EXPECT_THAT(message, HasSubstr("did you mean \"epochs\"?"));
}

}  // namespace
}  // namespace lockstep
