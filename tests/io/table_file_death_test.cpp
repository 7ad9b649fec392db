// A writer that dies at any of its calls on the file leaves one that plain readers can read.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include <lockstep/io/inspect.h>
#include <lockstep/io/table_file.h>

#include "child.h"
#include "hdf5_file.h"
#include "scratch.h"

using lockstep::io::TableFile;

namespace {

constexpr std::size_t kWide = 4097;  // see flush_writer.cpp

std::uint64_t number_in(const std::string& path) {
    std::uint64_t number = 0;
    std::ifstream(path) >> number;
    return number;
}

/// Ends before its call with this number; 0: it lives. Returns the number of its calls.
std::uint64_t write_until(std::uint64_t call, const ScratchDirectory& scratch) {
    const std::string state = scratch / "state";
    std::filesystem::create_directory(scratch / "run");
    Child writer({"/usr/bin/env", "LOCKSTEP_FAULT_DIRECTORY=" + (scratch / "run"),
                  "LOCKSTEP_FAULT_STATE=" + state, "LOCKSTEP_FAULT_AT=" + std::to_string(call),
                  "LOCKSTEP_FAULT_ERROR=kill", FLUSH_WRITER, scratch / "run/run.h5"});
    EXPECT_EQ(writer.wait(), call == 0 ? 0 : -1);
    return static_cast<std::uint64_t>(std::ranges::count(read_bytes(state + ".trace"), '\n'));
}

/// Those of the last flush may be missing; those before are as they were written.
void expect_rows(const std::string& path, std::uint64_t safe) {
    const auto file = Hdf5File::open(path);
    ASSERT_GE(file.id(), 0) << "a plain reader cannot open the file";
    if (safe == 0) return;
    const auto numbers = file.integers("/rows/number");
    const auto texts = file.texts("/rows/text");
    const auto wide = file.reals("/rows/wide");
    ASSERT_GE(std::min({numbers.size(), texts.size(), wide.size() / kWide}), safe);
    for (std::uint64_t row = 0; row < safe; ++row) {
        ASSERT_EQ(numbers[row], static_cast<long long>(row));
        ASSERT_EQ(texts[row], std::to_string(row));
        ASSERT_EQ(wide[row * kWide], static_cast<double>(row));
        ASSERT_EQ(wide[(row + 1) * kWide - 1], static_cast<double>(row));
    }
}

}  // namespace

TEST(TableFileDeath, AtAnyCallLeavesWhatWasFlushed) {
    const std::uint64_t calls = write_until(0, ScratchDirectory());
    ASSERT_GT(calls, 100U);
    for (std::uint64_t call = 1; call <= calls; ++call) {
        SCOPED_TRACE("call " + std::to_string(call));
        const ScratchDirectory scratch;
        write_until(call, scratch);
        const std::string path = scratch / "run/run.h5";
        if (!std::filesystem::exists(path)) continue;  // it died before the file had its name
        const std::uint64_t safe = number_in(path + ".flushed");
        expect_rows(path, safe);

        TableFile file(path, {.append = true});
        file.truncate({{"/rows", safe}});
        file.append("/rows", {{"number", static_cast<std::int64_t>(safe)}});
        file.close();
        expect_rows(path, safe);
        EXPECT_TRUE(lockstep::io::verify_file(path).empty());
        if (HasFailure()) break;
    }
}
