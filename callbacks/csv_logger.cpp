#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/core/error.h>

namespace lockstep {

namespace {

constexpr const char* kMissing = "NA";

std::vector<std::string> split(const std::string& line, const std::string& separator) {
    std::vector<std::string> fields;
    std::size_t begin = 0;
    for (std::size_t end = line.find(separator); end != std::string::npos;
         end = line.find(separator, begin)) {
        fields.push_back(line.substr(begin, end - begin));
        begin = end + separator.size();
    }
    fields.push_back(line.substr(begin));
    return fields;
}

std::vector<std::string> read_lines(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        if (line.ends_with('\r')) line.pop_back();
        lines.push_back(std::move(line));
    }
    return lines;
}

void check_written(const std::ofstream& stream, const std::filesystem::path& file) {
    if (!stream) throw IoError(file.string() + ": cannot be written: " + std::strerror(errno));
}

}  // namespace

CsvLogger::CsvLogger(Options options) : options_(std::move(options)) {
    if (options_.path.empty())
        throw ConfigError("csv_logger: path is empty; for example path = \"training.csv\"");
    if (options_.separator.empty())
        throw ConfigError("csv_logger: separator is empty; for example separator = \",\"");
    if (options_.index_base != 0 && options_.index_base != 1)
        throw ConfigError(
            fmt::format("csv_logger: index_base: expected 0 or 1, got {}", options_.index_base));
}

void CsvLogger::on_train_begin(const Logs& /*logs*/) {
    file_ = run().output_path(options_.path);
    if ((options_.append || resumed_) && std::filesystem::exists(file_)) {
        load();
    } else {
        keys_.clear();
        rows_ = 0;
        rewrite({});
    }
    resumed_ = false;
}

/// Takes over the file's columns and, on a resume, cuts the rows that its checkpoint does not know. A row
/// that a kill left unfinished goes too.
void CsvLogger::load() {
    std::vector<std::string> lines = read_lines(file_);
    keys_.clear();
    if (!lines.empty()) {
        keys_ = split(lines.front(), options_.separator);
        if (keys_.front() != "epoch")
            throw DataError(
                fmt::format("{}: expected a header that begins with \"epoch{}\", got \"{}\"; move the file "
                            "away, or leave "
                            "out append = true",
                            file_.string(), options_.separator, lines.front()));
        keys_.erase(keys_.begin());
        lines.erase(lines.begin());
    }
    if (resumed_) lines.resize(std::min(lines.size(), rows_));
    if (!lines.empty() && split(lines.back(), options_.separator).size() != keys_.size() + 1)
        lines.pop_back();
    rows_ = lines.size();
    rewrite(lines);
}

void CsvLogger::on_epoch_end(int epoch, const Logs& logs) {
    add_columns(logs);
    append_line(row(epoch, logs));
    ++rows_;
}

void CsvLogger::add_columns(const Logs& logs) {
    const std::size_t known = keys_.size();
    for (const auto& [key, value] : logs.entries()) {
        if (std::ranges::find(keys_, key) != keys_.end()) continue;
        if (key.find(options_.separator) != std::string::npos)
            throw ConfigError(fmt::format(
                "csv_logger: the key \"{}\" contains the separator \"{}\"; choose another separator or name",
                key, options_.separator));
        keys_.push_back(key);
    }
    if (keys_.size() == known) return;
    std::vector<std::string> lines = read_lines(file_);
    if (!lines.empty()) lines.erase(lines.begin());
    for (std::string& line : lines)
        for (std::size_t i = known; i < keys_.size(); ++i) line += options_.separator + kMissing;
    rewrite(lines);
}

std::string CsvLogger::row(int epoch, const Logs& logs) const {
    std::string line = std::to_string(epoch + options_.index_base);
    for (const std::string& key : keys_)
        line += options_.separator + (logs.contains(key) ? fmt::format("{}", logs.at(key)) : kMissing);
    return line;
}

/// Header and `lines`, under the file's name only when they are complete.
void CsvLogger::rewrite(const std::vector<std::string>& lines) const {
    const std::filesystem::path temporary = file_.string() + ".tmp";
    std::ofstream stream(temporary);
    if (!keys_.empty()) stream << header() << '\n';
    for (const std::string& line : lines) stream << line << '\n';
    stream.close();
    check_written(stream, temporary);
    std::error_code failure;
    std::filesystem::rename(temporary, file_, failure);
    if (failure) throw IoError(file_.string() + ": cannot be replaced: " + failure.message());
}

void CsvLogger::append_line(const std::string& line) const {
    std::ofstream stream(file_, std::ios::app);
    stream << line + '\n';
    stream.close();
    check_written(stream, file_);
}

std::string CsvLogger::header() const {
    std::string line = "epoch";
    for (const std::string& key : keys_) line += options_.separator + key;
    return line;
}

Config CsvLogger::state() const {
    return Config::table({{"rows", rows_}});
}

void CsvLogger::restore(const Config& state) {
    rows_ = state.get<std::size_t>("rows");
    resumed_ = true;
}

}  // namespace lockstep
