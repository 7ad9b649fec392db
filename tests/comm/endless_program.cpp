// A program whose ranks step in company until something ends them, for session_end_test.sh.
//   endless_program loop          prints its process and goes on for ever
//   endless_program abort RANK    rank RANK calls Session::abort() with the code of diverged training
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include <unistd.h>

#include <lockstep/comm/session.h>

int main(int argc, char** argv) {
    try {
        lockstep::Session session(argc, argv);
        const bool aborts =
            argc == 3 && std::string_view(argv[1]) == "abort" && std::atoi(argv[2]) == session.rank();
        std::printf("rank %d is process %d\n", session.rank(), getpid());
        std::fflush(stdout);
        for (std::int64_t step = 0;; ++step) {
            session.status().set_position(1, step);
            session.status().enter(lockstep::RankPhase::forward);
            session.world().barrier();
            if (aborts && step == 20) session.abort("the loss is NaN", lockstep::ExitCode::diverged);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    } catch (const lockstep::Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return static_cast<int>(error.exit_code());
    }
}
