#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <string_view>

#include <lockstep/callbacks/row_format.h>
#include <lockstep/log/log.h>

namespace lockstep {

namespace {

/// The size of `file` up to its last line break within the first `limit` bytes.
std::uint64_t end_of_lines(std::ifstream& file, std::uint64_t limit) {
    file.seekg(0, std::ios::end);
    auto end = std::min(limit, static_cast<std::uint64_t>(file.tellg()));
    std::array<char, 4096> block{};
    while (end > 0) {
        const std::uint64_t begin = end - std::min<std::uint64_t>(end, block.size());
        file.seekg(static_cast<std::streamoff>(begin));
        file.read(block.data(), static_cast<std::streamsize>(end - begin));
        const std::size_t found = std::string_view(block.data(), end - begin).rfind('\n');
        if (found != std::string_view::npos) return begin + found + 1;
        end = begin;
    }
    return 0;
}

}  // namespace

std::uint64_t RowFormat::keep(const std::filesystem::path& file, const Config& state) {
    constexpr auto kAll = std::numeric_limits<std::size_t>::max();
    const std::size_t bytes = state.get<std::size_t>("bytes", kAll);
    std::ifstream stream(file, std::ios::binary);
    const std::uint64_t kept = end_of_lines(stream, bytes);
    if (bytes != kAll && kept < bytes)
        log::warning("{}: the last {} bytes before the checkpoint are missing", file.string(), bytes - kept);
    return kept;
}

}  // namespace lockstep
