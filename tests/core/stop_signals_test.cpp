#include <csignal>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/core/stop_signals.h>

namespace lockstep {
namespace {

volatile std::sig_atomic_t seen_before = 0;

TEST(StopSignals, NoteTheFirst) {
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) {
        const StopSignals signals;
        EXPECT_EQ(StopSignals::received(), 0);
        std::raise(signal);
        EXPECT_EQ(StopSignals::received(), signal);
        std::raise(SIGUSR1);
        EXPECT_EQ(StopSignals::received(), signal);
    }
    EXPECT_EQ(StopSignals::received(), 0);  // what came is forgotten with the handlers
}

TEST(StopSignals, PutBackFormerHandlers) {
    const auto former = std::signal(SIGUSR1, [](int) { seen_before = 1; });
    {
        const StopSignals signals;
        std::raise(SIGUSR1);
        EXPECT_EQ(seen_before, 0);
    }
    std::raise(SIGUSR1);
    EXPECT_EQ(seen_before, 1);
    std::signal(SIGUSR1, former);
}

TEST(StopSignals, AreOneInAProcess) {
    const StopSignals signals;
    EXPECT_THROW(StopSignals(), Error);
    std::raise(SIGUSR2);
    EXPECT_EQ(StopSignals::received(), SIGUSR2);  // the first one still listens
}

TEST(StopSignals, ASecondInterruptEndsTheProcess) {
    EXPECT_EXIT(
        {
            const StopSignals signals;
            std::raise(SIGTERM);
            std::raise(SIGTERM);
            std::raise(SIGINT);
            std::raise(SIGINT);
        },
        testing::KilledBySignal(SIGINT), "");
}

TEST(StopSignals, HaveNames) {
    EXPECT_EQ(StopSignals::name(SIGUSR1), "SIGUSR1");
    EXPECT_EQ(StopSignals::name(SIGINT), "SIGINT");
}

}  // namespace
}  // namespace lockstep
