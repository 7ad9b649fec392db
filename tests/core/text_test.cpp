#include <gtest/gtest.h>

#include <lockstep/core/text.h>

namespace lockstep {
namespace {

TEST(Text, NothingInItMovesTheCursor) {
    EXPECT_EQ(printable("a\x1b[2J\r\x7f\tb"), "a\\x1b[2J\\x0d\\x7f\tb");
    EXPECT_EQ(printable("one\ntwo"), "one\n    two");
}

// "\xC2\x9B" is U+009B, which starts a command as ESC [ does; "\xC3\x9B" is a letter.
TEST(Text, LettersBeyondAsciiStay) {
    EXPECT_EQ(printable("\xC3\x9B \xE2\x82\x9B"), "\xC3\x9B \xE2\x82\x9B");
    EXPECT_EQ(printable("\xC2\x9B"), "\xC2\\x9b");
}

TEST(Text, LongOnesAreCut) {
    EXPECT_EQ(shortened(std::string(60, 'x')), std::string(60, 'x'));
    EXPECT_EQ(shortened(std::string(61, 'x')), std::string(60, 'x') + "...");
}

}  // namespace
}  // namespace lockstep
