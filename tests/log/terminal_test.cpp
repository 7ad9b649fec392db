#include <array>
#include <string>

#include <pty.h>
#include <unistd.h>

#include "log_fixture.h"

namespace lockstep::log {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What `speak` writes to standard error while that is a terminal.
std::string terminal_of(const std::function<void()>& speak) {
    int reader = -1;
    int terminal = -1;
    if (openpty(&reader, &terminal, nullptr, nullptr, nullptr) != 0) return "no terminal";
    const int saved = dup(STDERR_FILENO);
    dup2(terminal, STDERR_FILENO);
    speak();
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(terminal);  // the last writer: what it wrote can be read to the end
    std::string text;
    std::array<char, 4096> piece{};
    for (ssize_t length = 0; (length = read(reader, piece.data(), piece.size())) > 0;)
        text.append(piece.data(), static_cast<std::size_t>(length));
    close(reader);
    return text;
}

class Terminal : public LogTest {
protected:
    Terminal() {
        setenv("TERM", "xterm-256color", 1);
        unsetenv("NO_COLOR");
    }
};

const std::function<void()> warn = [] {
    configure({}, rank_2());
    warning("careful");
};

TEST_F(Terminal, ShowsTheLevelInColour) {
    const std::string output = terminal_of(warn);
    EXPECT_THAT(output, HasSubstr("\x1b[33m\x1b[1mwarning\x1b[m main [rank 2/8 node07] careful"));
}

TEST_F(Terminal, StaysPlainIfTheUserAsksForNoColour) {
    setenv("NO_COLOR", "1", 1);
    const std::string output = terminal_of(warn);
    unsetenv("NO_COLOR");
    EXPECT_THAT(output, HasSubstr("warning main"));
    EXPECT_THAT(output, Not(HasSubstr("\x1b")));
}

TEST_F(Terminal, AnythingElseGetsNoControlCharacter) {
    const std::string output = console_of(warn);
    EXPECT_THAT(output, HasSubstr("warning main"));
    EXPECT_THAT(output, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace lockstep::log
