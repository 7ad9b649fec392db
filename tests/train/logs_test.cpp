#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/train/logs.h>

namespace lockstep {
namespace {

TEST(Logs, KeepTheOrderOfTheirKeys) {
    Logs logs;
    logs.set("loss", 2.0);
    logs.set("accuracy", 0.5);
    logs.set("loss", 1.0);
    EXPECT_THAT(logs.keys(), testing::ElementsAre("loss", "accuracy"));
    EXPECT_EQ(logs.at("loss"), 1.0);
    EXPECT_EQ(logs.get("val_loss", -1.0), -1.0);
}

TEST(Logs, SayWhatTheyHave) {
    Logs logs;
    logs.set("loss", 2.0);
    EXPECT_THAT([&] { logs.at("val_loss"); },
                testing::ThrowsMessage<Error>("the logs have no \"val_loss\"; they have: loss"));
}

TEST(Logs, NameTheirOutputs) {
    Logs logs;
    const float values[] = {1, 2};
    EXPECT_TRUE(logs.empty());
    logs.set_outputs({values, 1, 2});
    EXPECT_THAT(logs.keys(), testing::ElementsAre("outputs"));
    EXPECT_FALSE(logs.empty());
}

}  // namespace
}  // namespace lockstep
