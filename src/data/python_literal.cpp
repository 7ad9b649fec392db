#include "python_literal.h"

#include <algorithm>
#include <charconv>

#include <lockstep/core/error.h>

namespace lockstep {

bool PythonLiteral::skip(char wanted) {
    skip_blanks();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
}

void PythonLiteral::expect(char wanted) {
    if (!skip(wanted)) fail(std::string("a ") + wanted);
}

std::string PythonLiteral::string() {
    const char quote = skip('"') ? '"' : '\'';
    if (quote == '\'' && !skip('\'')) fail("a text in quotes");
    const std::size_t end = rest_.find(quote);
    if (end == std::string_view::npos) fail("the end of a text in quotes");
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
}

bool PythonLiteral::boolean() {
    skip_blanks();
    for (const bool value : {true, false}) {
        const std::string_view word = value ? "True" : "False";
        if (!rest_.starts_with(word)) continue;
        rest_.remove_prefix(word.size());
        return value;
    }
    fail("True or False");
}

std::vector<std::size_t> PythonLiteral::extents() {
    std::vector<std::size_t> extents;
    expect('(');
    while (!skip(')')) {
        extents.push_back(integer());
        if (skip(',')) continue;
        expect(')');
        break;
    }
    return extents;
}

void PythonLiteral::skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size()));
}

std::size_t PythonLiteral::integer() {
    skip_blanks();
    std::size_t value = 0;
    const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (code != std::errc()) fail("a whole number of 0 to 2^64 - 1");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    skip('L');  // as Python 2 writes it
    return value;
}

void PythonLiteral::fail(const std::string& expected) const {
    constexpr std::size_t kShown = 20;
    throw DataError(where_ + ": damaged header: expected " + expected + ", got \"" +
                    std::string(rest_.substr(0, kShown)) + "\"");
}

}  // namespace lockstep
