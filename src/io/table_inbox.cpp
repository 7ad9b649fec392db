#include "table_inbox.h"

namespace lockstep::io {

void TableInbox::append(const std::string& table, Row row) {
    const std::lock_guard lock(mutex_);
    Table& target = tables_[table];
    target.waiting.push_back(std::move(row));
    ++target.rows;
}

void TableInbox::attribute(const std::string& name, const Config& value) {
    const std::lock_guard lock(mutex_);
    attributes_.emplace_back(name, value);
}

void TableInbox::describe(Description description) {
    const std::lock_guard lock(mutex_);
    descriptions_.push_back(std::move(description));
}

Delivery TableInbox::take() {
    const std::lock_guard lock(mutex_);
    Delivery delivery;
    for (auto& [name, table] : tables_)
        if (!table.waiting.empty()) delivery.rows[name] = std::exchange(table.waiting, {});
    delivery.attributes = std::exchange(attributes_, {});
    delivery.descriptions = std::exchange(descriptions_, {});
    return delivery;
}

std::uint64_t TableInbox::rows(const std::string& table) const {
    const std::lock_guard lock(mutex_);
    const auto entry = tables_.find(table);
    return entry == tables_.end() ? 0 : entry->second.rows;
}

void TableInbox::set_rows(const std::string& table, std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    tables_[table].rows = count;
}

std::vector<std::string> TableInbox::tables() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, table] : tables_) names.push_back(name);
    return names;
}

}  // namespace lockstep::io
