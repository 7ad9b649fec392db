#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/io/table_file.h>

namespace lockstep::io {

/// What a column means.
struct Description {
    std::string table, column, unit, text;
};

/// What the training thread handed over since the last flush.
struct Delivery {
    std::map<std::string, std::vector<Row>> rows;  // by table
    std::vector<std::pair<std::string, Config>> attributes;
    std::vector<Description> descriptions;
};

/// Where rows wait for the file's thread. All functions may be called from any thread; none waits for a file.
class TableInbox {
public:
    void append(const std::string& table, Row row);
    void attribute(const std::string& name, const Config& value);
    void describe(Description description);

    /// Empties it.
    Delivery take();

    /// Rows of a table, in the file and on the way.
    std::uint64_t rows(const std::string& table) const;
    void set_rows(const std::string& table, std::uint64_t count);
    std::vector<std::string> tables() const;

private:
    struct Table {
        std::uint64_t rows = 0;
        std::vector<Row> waiting;
    };

    mutable std::mutex mutex_;
    std::map<std::string, Table> tables_;
    std::vector<std::pair<std::string, Config>> attributes_;
    std::vector<Description> descriptions_;
};

}  // namespace lockstep::io
