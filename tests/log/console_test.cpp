#include <regex>

#include "log_fixture.h"

namespace lockstep::log {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Console = LogTest;

TEST_F(Console, ALineHasTimeWithOffsetLevelModuleRankAndText) {
    configure({}, rank_2());
    const std::string output = console_of([] { write(Level::warning, "comm", "slow link"); });
    const std::regex line(
        R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d warning comm \[rank 2/8 node07\] slow link\n)");
    EXPECT_TRUE(std::regex_match(output, line)) << output;
}

TEST_F(Console, TheTimeIsLocalWithItsOffset) {
    setenv("TZ", "XYZ-5:45", 1);  // five hours and three quarters ahead of UTC
    tzset();
    const std::string ahead = console_of([] { info("now"); });
    setenv("TZ", "XYZ+3:30", 1);
    tzset();
    const std::string behind = console_of([] { info("now"); });
    unsetenv("TZ");
    tzset();
    EXPECT_EQ(ahead.substr(23, 7), "+05:45 ");
    EXPECT_EQ(behind.substr(23, 7), "-03:30 ");
}

TEST_F(Console, FormatsItsArguments) {
    EXPECT_THAT(console_of([] { info("{} of {}", 3, "five"); }),
                HasSubstr("info    main [rank 0/1 host] 3 of five\n"));
}

TEST_F(Console, RankZeroSpeaksFromInfoAndTheOthersFromWarning) {
    const auto speak = [] {
        debug("details");
        info("news");
        warning("careful");
        error("broken");
    };
    EXPECT_THAT(lines_of(console_of(speak)), SizeIs(3));
    configure({}, rank_2());
    const auto lines = lines_of(console_of(speak));
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_THAT(lines[0], HasSubstr("careful"));
    EXPECT_THAT(lines[1], HasSubstr("broken"));
}

TEST_F(Console, EveryRankIsHeardFromEveryRank) {
    configure({}, rank_2());
    EXPECT_THAT(console_of([] { every_rank("bound to core {}", 4); }),
                HasSubstr("[rank 2/8 node07] bound to core 4"));
}

TEST_F(Console, AModuleMayHaveItsOwnLevel) {
    configure({.level = Level::info, .modules = {{"comm", Level::debug}, {"io", Level::error}}}, {});
    EXPECT_TRUE(is_on(Level::debug, "comm"));
    EXPECT_FALSE(is_on(Level::trace, "comm"));
    EXPECT_FALSE(is_on(Level::debug, "train"));
    EXPECT_FALSE(is_on(Level::warning, "io"));
    const std::string output = console_of([] {
        write(Level::debug, "comm", "bucket 3");
        write(Level::debug, "train", "unseen");
        write(Level::warning, "io", "unheard");
    });
    EXPECT_THAT(lines_of(output), SizeIs(1));
    EXPECT_THAT(output, HasSubstr("debug   comm"));
}

TEST_F(Console, OffMeansNothingAtAll) {
    configure({.level = Level::off}, {});
    EXPECT_THAT(console_of([] {
                    error("lost");
                    write(Level::off, "main", "never");
                }),
                IsEmpty());
}

TEST_F(Console, QuietLeavesWarningsAndErrors) {
    configure({.quiet = true}, {});
    EXPECT_THAT(lines_of(console_of([] {
                    info("news");
                    warning("careful");
                })),
                SizeIs(1));
}

TEST_F(Console, TheRanksThatSpeakCanBeChosen) {
    const auto heard = [](const Ranks& ranks, const Identity& identity) {
        configure({.ranks = ranks}, identity);
        return !console_of([] { info("here"); }).empty();
    };
    const Identity first_of_second_node{4, 8, 1, 0, "node08", "", ""};
    EXPECT_TRUE(heard(parse_ranks("all"), rank_2()));
    EXPECT_FALSE(heard(parse_ranks("node"), rank_2()));
    EXPECT_TRUE(heard(parse_ranks("node"), first_of_second_node));
    EXPECT_TRUE(heard(parse_ranks("0,2"), rank_2()));
    EXPECT_FALSE(heard(parse_ranks("0,2"), first_of_second_node));
}

TEST_F(Console, OnceIsOncePerKey) {
    const auto lines = lines_of(console_of([] {
        for (int i = 0; i < 3; ++i) {
            once("console_test.a", Level::info, "first thing");
            once("console_test.b", Level::info, "second thing");
        }
    }));
    EXPECT_THAT(lines, SizeIs(2));
}

TEST_F(Console, ControlCharactersAreSpelledOutAndFurtherLinesIndented) {
    const std::string output = console_of([] { info("a\x1b[31mb\rc\x7f\nsecond\tline"); });
    EXPECT_THAT(output, HasSubstr("a\\x1b[31mb\\x0dc\\x7f\n    second\tline\n"));
    EXPECT_THAT(output, Not(HasSubstr("\x1b")));
}

TEST_F(Console, OptionsThatCannotBeUsedChangeNothing) {
    EXPECT_THROW(configure({.files = true, .directory = "/proc/no-such-place"}, rank_2()), std::exception);
    EXPECT_THAT(console_of([] { info("still here"); }), HasSubstr("[rank 0/1 host]"));
}

}  // namespace
}  // namespace lockstep::log
