#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <lockstep/io/executor.h>
#include <lockstep/io/table_file.h>

#include "late_warning.h"
#include "table_inbox.h"
#include "table_store.h"

namespace lockstep::io {

/// Brings what waits in an inbox into the file, in spite of readers that hold it and of full disks. Its
/// functions run on the executor's thread and wait for it; they throw IoError.
class TableWriter {
public:
    /// `inbox` must outlive it.
    TableWriter(std::string path, const TableFile::Options& options, TableInbox& inbox);

    /// Makes the file anew.
    void create();
    /// Continues the file: tells the inbox of its rows, and merges <stem>.pending.h5.
    void load();

    /// One attempt to write what waits. False if it must wait on.
    bool flush();
    /// The same; returns the pause before the next one. A reader lets go after some milliseconds: that pause
    /// is short.
    std::chrono::milliseconds tick();
    /// Writes what waits and cuts each table to so many rows.
    void truncate(const std::map<std::string, std::uint64_t>& counts);
    /// The last attempts; what still waits then goes to <stem>.pending.h5.
    void finish();

private:
    enum class Outcome { written, held, failed };

    Outcome attempt();
    void merge_pending();
    void write_pending();
    bool until_free(const std::function<bool()>& task) const;

    std::string path_;
    TableFile::Options options_;
    TableInbox& inbox_;
    std::shared_ptr<Executor> executor_ = Executor::acquire();
    // What follows belongs to the executor's thread:
    TableStore store_;
    std::string failure_;  // why the last attempt failed
    LateWarning late_;
    std::chrono::milliseconds retry_;
};

}  // namespace lockstep::io
