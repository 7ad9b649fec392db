// One thread, in the order of priorities; errors reach whoever waits.
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/io/executor.h>

using lockstep::io::Executor;
using lockstep::io::Priority;

TEST(Executor, IsOnePerProcessWhileSomebodyHoldsIt) {
    const auto first = Executor::acquire();
    EXPECT_EQ(first.get(), Executor::acquire().get());
}

TEST(Executor, RunsEverythingOnOneOtherThread) {
    const auto executor = Executor::acquire();
    std::thread::id a, b;
    executor->run(Priority::data, [&] { a = std::this_thread::get_id(); });
    executor->run(Priority::predictions, [&] { b = std::this_thread::get_id(); });
    EXPECT_EQ(a, b);
    EXPECT_NE(a, std::this_thread::get_id());
}

TEST(Executor, TakesHigherPrioritiesFirstAndKeepsTheOrderWithinOne) {
    const auto executor = Executor::acquire();
    std::mutex gate;
    gate.lock();
    std::vector<int> order;
    std::vector<std::future<void>> done;
    done.push_back(executor->post(Priority::data, [&] { const std::lock_guard wait(gate); }));
    const auto add = [&](Priority priority, int number) {
        done.push_back(executor->post(priority, [&order, number] { order.push_back(number); }));
    };
    add(Priority::predictions, 40);
    add(Priority::checkpoint, 30);
    add(Priority::log, 20);
    add(Priority::log, 21);
    add(Priority::data, 10);
    gate.unlock();
    for (auto& task : done) task.get();
    EXPECT_EQ(order, (std::vector{10, 20, 21, 30, 40}));
}

TEST(Executor, HandsExceptionsToTheCaller) {
    const auto executor = Executor::acquire();
    EXPECT_THROW(executor->run(Priority::log, [] { throw lockstep::IoError("no"); }), lockstep::IoError);
    int after = 0;
    executor->run(Priority::log, [&] { after = 1; });
    EXPECT_EQ(after, 1);
}

TEST(Executor, RunsANestedTaskAtOnce) {
    const auto executor = Executor::acquire();
    std::vector<int> order;
    executor->run(Priority::checkpoint, [&] {
        executor->run(Priority::predictions, [&] { order.push_back(1); });
        order.push_back(2);
    });
    EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(Executor, FinishesWhatWasPostedBeforeItEnds) {
    int done = 0;
    for (int i = 0; i < 100; ++i) Executor::acquire()->post(Priority::log, [&] { ++done; });
    Executor::acquire()->run(Priority::predictions, [] {});
    EXPECT_EQ(done, 100);
}
