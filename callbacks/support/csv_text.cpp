#include "csv_text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

bool needs_quotes(std::string_view field, std::string_view separator) {
    return field.find(separator) != std::string_view::npos ||
           field.find_first_of("\"\r\n") != std::string_view::npos;
}

void append_quoted(std::string& record, std::string_view field) {
    record += '"';
    for (const char c : field) {
        if (c == '"') record += '"';
        record += c;
    }
    record += '"';
}

/// Reads a field that begins with a quote, and takes it from `record`; what follows its last quote stays.
std::string take_quoted(std::string_view& record) {
    std::string field;
    record.remove_prefix(1);
    while (true) {
        const std::size_t quote = std::min(record.find('"'), record.size());
        field += record.substr(0, quote);
        record.remove_prefix(std::min(quote + 1, record.size()));
        if (!record.starts_with('"')) return field;
        field += '"';
        record.remove_prefix(1);
    }
}

/// Files from elsewhere may end their lines with CR LF.
std::string_view without_return(std::string_view record) {
    if (record.ends_with('\r')) record.remove_suffix(1);
    return record;
}

std::string read_failure(const std::filesystem::path& file) {
    return file.string() + ": cannot read: " + std::strerror(errno);
}

}  // namespace

std::string csv_record(std::span<const std::string> fields, std::string_view separator) {
    std::string record;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i != 0) record += separator;
        if (needs_quotes(fields[i], separator))
            append_quoted(record, fields[i]);
        else
            record += fields[i];
    }
    return record;
}

std::vector<std::string> split_csv_record(std::string_view record, std::string_view separator) {
    std::vector<std::string> fields;
    while (true) {
        std::string field = record.starts_with('"') ? take_quoted(record) : "";
        const std::size_t end = std::min(record.find(separator), record.size());
        fields.push_back(std::move(field.append(record.substr(0, end))));
        if (end == record.size()) return fields;
        record.remove_prefix(end + separator.size());
    }
}

void read_csv_records(const std::filesystem::path& file,
                      const std::function<bool(const std::string& record)>& take) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw IoError(read_failure(file));
    std::string record;
    for (std::string line; std::getline(stream, line) && !stream.eof();) {
        record += line;
        if (std::ranges::count(record, '"') % 2 != 0) {
            record += '\n';
            continue;
        }
        if (!take(record)) return;
        record.clear();
    }
    if (stream.bad()) throw IoError(read_failure(file));
}

std::string padded_csv(const std::filesystem::path& file, const std::string& header,
                       const std::string& padding) {
    std::string text = header + '\n';
    bool is_header = true;
    read_csv_records(file, [&](const std::string& record) {
        if (!std::exchange(is_header, false)) text.append(without_return(record)).append(padding) += '\n';
        return true;
    });
    return text;
}

CsvExtent measure_csv(const std::filesystem::path& file, std::string_view separator,
                      std::uint64_t most_rows) {
    CsvExtent extent;
    read_csv_records(file, [&](const std::string& record) {
        if (extent.bytes != 0 && extent.rows == most_rows) return false;
        if (extent.bytes == 0) {
            extent.header = split_csv_record(without_return(record), separator);
        } else {
            ++extent.rows;
        }
        extent.bytes += record.size() + 1;
        return true;
    });
    return extent;
}

}  // namespace lockstep
