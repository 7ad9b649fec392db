#include "csv_reader.h"

#include <algorithm>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kLongestRecord = std::size_t{64} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

CsvReader::CsvReader(const std::string& file, char separator)
    : name_(file), file_(file), separator_(separator), buffer_(kPiece, '\0') {
    filled_ = file_.read(std::as_writable_bytes(std::span(buffer_)));
    if (buffer_.starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
}

std::string CsvReader::where() const {
    return name_ + ":" + std::to_string(line_);
}

bool CsvReader::next() {
    do {
        line_ += lines_;
        lines_ = 0;
        const std::size_t end = find_end();
        if (end == begin_ && end == filled_) return false;
        const bool carriage_return = end > begin_ && end < filled_ && buffer_[end - 1] == '\r';
        split(begin_, carriage_return ? end - 1 : end);
        begin_ = std::min(end + 1, filled_);
    } while (fields_.size() == 1 && fields_.front().empty());
    return true;
}

/// Where the next record ends: at its line break, or at the end of the file.
std::size_t CsvReader::find_end() {
    bool quoted = false;
    for (std::size_t at = begin_;; ++at) {
        if (at == filled_ && !fill(at)) {
            if (quoted) fail("a quote is never closed");
            return at;
        }
        if (buffer_[at] == '"') quoted = !quoted;
        if (buffer_[at] != '\n') continue;
        ++lines_;
        if (!quoted) return at;
    }
}

/// Reads on behind what has been read of the record; `at` moves with it. False at the end of the file.
bool CsvReader::fill(std::size_t& at) {
    buffer_.erase(0, begin_);  // and the same room at the end
    buffer_.resize(buffer_.size() + begin_);
    at -= begin_;
    filled_ -= begin_;
    begin_ = 0;
    if (filled_ == kLongestRecord) fail("a record of more than 64 MiB; is a quote not closed?");
    if (filled_ == buffer_.size()) buffer_.resize(2 * filled_);
    const std::size_t got = file_.read(std::as_writable_bytes(std::span(buffer_)).subspan(filled_));
    filled_ += got;
    return got > 0;
}

void CsvReader::split(std::size_t at, std::size_t end) {
    fields_.clear();
    while (true) {
        const bool quoted = at < end && buffer_[at] == '"';
        fields_.push_back(quoted ? quoted_field(at, end) : bare_field(at, end));
        if (at == end) return;
        ++at;  // the separator
    }
}

std::string_view CsvReader::bare_field(std::size_t& at, std::size_t end) {
    const std::string_view rest = std::string_view(buffer_).substr(at, end - at);
    const std::string_view field = rest.substr(0, rest.find(separator_));
    if (field.find('"') != std::string_view::npos)
        fail("field " + std::to_string(fields_.size()) +
             ": a quote inside a field without quotes; put it in quotes and double the one inside");
    at += field.size();
    return field;
}

/// Doubled quotes become one in place: the field never grows.
std::string_view CsvReader::quoted_field(std::size_t& at, std::size_t end) {
    const std::size_t first = ++at;
    std::size_t last = first;
    while (at < end) {
        if (buffer_[at] == '"' && (++at == end || buffer_[at] != '"')) break;
        buffer_[last++] = buffer_[at++];
    }
    if (at < end && buffer_[at] != separator_)
        fail("field " + std::to_string(fields_.size()) + ": expected \"" + separator_ +
             "\" behind the closing quote, got \"" + buffer_[at] + "\"");
    return std::string_view(buffer_).substr(first, last - first);
}

void CsvReader::fail(const std::string& message) const {
    throw DataError(where() + ": " + message);
}

}  // namespace lockstep
