#include "verify.h"

#include <algorithm>
#include <cstddef>
#include <map>

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "catalog.h"
#include "dataset_access.h"

namespace lockstep::io {

namespace {

/// Of a dataset whose elements lie elsewhere in the file; reading them would take memory for each.
bool has_variable_length(hid_t type) {
    const H5T_class_t kind = H5Tget_class(type);
    if (kind == H5T_STRING) return H5Tis_variable_str(type) > 0;
    if (kind == H5T_ARRAY) return has_variable_length(Handle(H5Tget_super(type)).get());
    const int members = kind == H5T_COMPOUND ? H5Tget_nmembers(type) : 0;
    for (int i = 0; i < members; ++i)
        if (has_variable_length(Handle(H5Tget_member_type(type, static_cast<unsigned>(i))).get()))
            return true;
    return kind == H5T_VLEN;
}

std::string read_all(hid_t dataset, hid_t type, const Entry& entry) {
    const std::size_t bytes = H5Tget_size(type);
    std::vector<std::byte> buffer;
    for (const Block& block : blocks(entry.extents, std::max<hsize_t>(kPieceBytes / bytes, 1))) {
        buffer.resize(block.size * bytes);
        if (auto problem = read_block(dataset, block, type, buffer.data()); !problem.empty()) return problem;
    }
    return "";
}

std::string verify_dataset(hid_t file, const Entry& entry, const std::string& path) {
    const std::string where = path + ":" + entry.name;
    try {
        const Handle dataset = open_dataset(file, entry.name, Links::never, path);
        const Handle type(check(H5Dget_type(dataset.get()), "H5Dget_type", where));
        if (H5Tget_size(type.get()) == 0 || has_variable_length(type.get())) return "";
        const std::string problem = read_all(dataset.get(), type.get(), entry);
        return problem.empty() ? "" : where + ": " + problem;
    } catch (const Error& error) {
        return error.what();
    }
}

struct Lengths {
    std::string shortest, longest;
    hsize_t least = 0, most = 0;
};

void add_length(std::map<std::string, Lengths>& tables, const Entry& column) {
    const hsize_t rows = column.extents.empty() ? 0 : column.extents[0];
    const auto [table, is_new] =
        tables.try_emplace(parent_of(column.name), Lengths{column.name, column.name, rows, rows});
    Lengths& lengths = table->second;
    if (rows < lengths.least) lengths.least = rows, lengths.shortest = column.name;
    if (rows > lengths.most) lengths.most = rows, lengths.longest = column.name;
}

}  // namespace

std::string read_block(hid_t dataset, const Block& block, hid_t type, void* out) {
    const Handle box = select_box(dataset, block.start.data(), block.count.data(), "dataset");
    const Handle memory = flat_space(block.size, "dataset");
    if (H5Dread(dataset, type, memory.get(), box.get(), H5P_DEFAULT, out) >= 0) return "";
    return "cannot read: " + last_error().text;
}

std::vector<std::string> verify_datasets(hid_t file, const std::string& path) {
    std::vector<std::string> problems;
    for (const Entry& entry : list_entries(file, "/", path)) {
        if (!entry.is_dataset()) continue;
        if (std::string problem = verify_dataset(file, entry, path); !problem.empty())
            problems.push_back(std::move(problem));
    }
    return problems;
}

std::vector<std::string> verify_tables(hid_t file, const std::string& path) {
    std::map<std::string, Lengths> tables;
    std::vector<std::string> problems;
    const std::vector<Entry> entries = list_entries(file, "/", path);
    for (const Entry& entry : entries)
        if (entry.kind == Entry::Kind::dataset && !entry.name.starts_with("/text/"))
            add_length(tables, entry);
    for (const auto& [table, lengths] : tables)
        if (lengths.least != lengths.most)
            problems.push_back(fmt::format("{}: unequal columns: {} has {} rows, {} has {}", path,
                                           lengths.shortest, lengths.least, lengths.longest, lengths.most));
    for (const Entry& entry : entries)
        if (entry.kind == Entry::Kind::group && tables.contains(parent_of(entry.name)))
            problems.push_back(fmt::format("{}: {} holds columns and the group {}", path,
                                           parent_of(entry.name), entry.name));
    return problems;
}

}  // namespace lockstep::io
