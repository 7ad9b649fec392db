#include <cmath>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/train/history.h>

namespace lockstep {
namespace {

Logs logs(double loss) {
    Logs logs;
    logs.set("loss", loss);
    return logs;
}

History with_a_late_key() {
    History history;
    history.append(0, logs(3.0));
    Logs late = logs(2.0);
    late.set("val_loss", 4.0);
    history.append(1, late);
    return history;
}

TEST(History, FillsColumnsThatComeLateOrStayAway) {
    History history = with_a_late_key();
    history.append(2, logs(1.0));
    EXPECT_THAT(history.at("loss"), testing::ElementsAre(3.0, 2.0, 1.0));
    EXPECT_THAT(history.at("val_loss"), testing::ElementsAre(testing::IsNan(), 4.0, testing::IsNan()));
    EXPECT_THROW(history.at("accuracy"), Error);
}

TEST(History, SurvivesACheckpoint) {
    const History back = History::from_config(Config::from_json(with_a_late_key().config().to_json()));
    EXPECT_THAT(back.epochs(), testing::ElementsAre(0, 1));
    EXPECT_THAT(back.keys(), testing::ElementsAre("loss", "val_loss"));
    EXPECT_THAT(back.at("val_loss"), testing::ElementsAre(testing::IsNan(), 4.0));
}

TEST(History, GivesItsLastRows) {
    const History rest = with_a_late_key().since(1);
    EXPECT_THAT(rest.epochs(), testing::ElementsAre(1));
    EXPECT_THAT(rest.at("loss"), testing::ElementsAre(2.0));
}

}  // namespace
}  // namespace lockstep
