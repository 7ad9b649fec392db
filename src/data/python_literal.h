#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep {

/// Reads a text such as {'a': 'x', 'b': False, 'c': (2, 3)} piece by piece. Blanks between the pieces are
/// skipped. What is not as expected throws DataError, which begins with `where`.
class PythonLiteral {
public:
    PythonLiteral(std::string_view text, std::string where) : rest_(text), where_(std::move(where)) {}

    /// Whether the next character is `wanted`; it is skipped then.
    bool skip(char wanted);
    void expect(char wanted);

    std::string string();
    bool boolean();
    /// A tuple of whole numbers.
    std::vector<std::size_t> extents();

private:
    void skip_blanks();
    std::size_t integer();
    [[noreturn]] void fail(const std::string& expected) const;

    std::string_view rest_;
    std::string where_;
};

}  // namespace lockstep
