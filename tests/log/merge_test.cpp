#include <lockstep/core/error.h>
#include <lockstep/log/merge.h>

#include "log_fixture.h"

namespace lockstep::log {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Merge : public LogTest {
protected:
    /// What one rank holds after saying each text as a warning of "comm".
    static std::string held(const std::vector<std::string>& texts) {
        MergeScope scope;
        for (const std::string& text : texts) write(Level::warning, "comm", text);
        return scope.take();
    }

    static std::vector<std::string> merged(const std::vector<std::string>& per_rank) {
        return lines_of(console_of([&] { write_merged(per_rank); }));
    }
};

TEST_F(Merge, TheSameWordsFromManyRanksAreOneLine) {
    const std::string small = held({"/dev/shm is small"});
    const std::string nothing = held({});
    EXPECT_THAT(merged({small, nothing, small, small, small, small, small, nothing}),
                ElementsAre(EndsWith("warning comm [rank 0/1 host] /dev/shm is small (on 6 ranks: 0, 2-6)")));
}

TEST_F(Merge, DifferentWordsStayApartInTheOrderOfRanks) {
    EXPECT_THAT(merged({held({"slow disk"}), held({"no core", "slow disk"}), held({"slow disk"})}),
                ElementsAre(EndsWith("slow disk (on all 3 ranks)"), EndsWith("no core (on rank 1)")));
}

TEST_F(Merge, CountsWhatARankSaidMoreThanOnce) {
    EXPECT_THAT(merged({held({"retry", "retry", "retry"}), held({"retry"}), held({})}),
                ElementsAre(EndsWith("retry (4 times, on 2 ranks: 0-1)")));
    EXPECT_THAT(merged({held({}), held({"retry", "retry"})}),
                ElementsAre(EndsWith("retry (2 times, on rank 1)")));
}

TEST_F(Merge, OneRankAloneNeedsNoRanks) {
    EXPECT_THAT(merged({held({"slow disk"})}), ElementsAre(EndsWith("slow disk")));
    EXPECT_THAT(merged({held({"retry", "retry"})}), ElementsAre(EndsWith("retry (2 times)")));
}

TEST_F(Merge, ManyScatteredRanksAreCut) {
    std::vector<std::string> per_rank(41, held({}));
    for (std::size_t rank = 0; rank < per_rank.size(); rank += 2) per_rank[rank] = held({"odd"});
    EXPECT_THAT(merged(per_rank),
                ElementsAre(EndsWith("(on 21 ranks: 0, 2, 4, 6, 8, 10, 12, 14 and 13 more)")));
}

TEST_F(Merge, HoldsWarningsButNeverErrorsOrInfo) {
    const auto lines = lines_of(console_of([] {
        MergeScope scope;
        warning("held");
        error("at once");
        info("news");
        scope.take();
    }));
    EXPECT_THAT(lines, ElementsAre(EndsWith("at once"), EndsWith("news")));
}

TEST_F(Merge, HoldsNothingAfterTake) {
    EXPECT_THAT(console_of([] {
                    MergeScope scope;
                    scope.take();
                    warning("careful");
                }),
                HasSubstr("careful"));
}

TEST_F(Merge, AnExceptionLosesNoWarning) {
    const std::string output = console_of([] {
        try {
            MergeScope scope;
            warning("the cause");
            throw Error("the end");
        } catch (const Error&) {
            error("the end");
        }
    });
    EXPECT_THAT(lines_of(output), ElementsAre(EndsWith("the cause"), EndsWith("the end")));
}

TEST_F(Merge, AnAbortCanFlushWhatIsHeld) {
    MergeScope scope;
    EXPECT_THAT(console_of([] { warning("the cause"); }), IsEmpty());
    EXPECT_THAT(lines_of(console_of([] { flush_pending(); })), ElementsAre(EndsWith("the cause")));
    EXPECT_THAT(console_of([] { flush_pending(); }), IsEmpty());
}

TEST_F(Merge, TextsSurviveTheJourney) {
    const std::string text = "path \"/a\\b\"\n, [1, 2]";
    EXPECT_THAT(merged({held({text}), held({text})}),
                ElementsAre(HasSubstr("path \"/a\\b\""), EndsWith("(on all 2 ranks)")));
}

TEST_F(Merge, SaysIfItGetsSomethingElse) {
    EXPECT_THROW(write_merged(std::vector<std::string>{"[1"}), Error);
    EXPECT_THROW(write_merged(std::vector<std::string>{"[[3]]"}), Error);
}

}  // namespace
}  // namespace lockstep::log
