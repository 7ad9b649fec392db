#include <optional>
#include <utility>

#include <lockstep/core/error.h>
#include <lockstep/io/table_file.h>
#include <lockstep/log/log.h>

#include "flush_timer.h"
#include "table_inbox.h"
#include "table_writer.h"

namespace lockstep::io {

struct TableFile::State {
    TableInbox inbox;
    TableWriter writer;
    bool closed = false;
    std::optional<FlushTimer> timer;  // declared last: stopped before what it uses is gone

    State(std::string path, const Options& options) : writer(std::move(path), options, inbox) {}
};

TableFile::TableFile(std::string path, Options options) : state_(new State(std::move(path), options)) {
    TableWriter& writer = state_->writer;
    options.append ? writer.load() : writer.create();
    state_->timer.emplace(options.flush_interval, [&writer] { return writer.tick(); });
}

TableFile::~TableFile() {
    try {
        close();
    } catch (const std::exception& error) {
        log::write(log::Level::error, "io", error.what());
    }
}

void TableFile::describe(const std::string& table, const std::string& column, const std::string& unit,
                         const std::string& description) {
    state_->inbox.describe({table, column, unit, description});
}

void TableFile::append(const std::string& table, Row row) {
    state_->inbox.append(table, std::move(row));
}

void TableFile::attribute(const std::string& name, const Config& value) {
    state_->inbox.attribute(name, value);
}

void TableFile::flush_soon() {
    if (state_->timer) state_->timer->ring();
}

bool TableFile::flush() {
    return state_->writer.flush();
}

std::uint64_t TableFile::rows(const std::string& table) const {
    return state_->inbox.rows(table);
}

std::vector<std::string> TableFile::tables() const {
    return state_->inbox.tables();
}

void TableFile::truncate(std::map<std::string, std::uint64_t> counts) {
    std::erase_if(counts, [this](const auto& entry) { return entry.second >= rows(entry.first); });
    if (!counts.empty()) state_->writer.truncate(counts);
}

void TableFile::close() {
    if (state_->closed) return;
    state_->timer.reset();
    state_->closed = true;
    state_->writer.finish();
}

}  // namespace lockstep::io
