#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstep {

/// Fields of a protobuf message by number, read by the rules of the wire format; numbers as their bits.
struct WireMessage {
    std::multimap<int, std::uint64_t> numbers;
    std::multimap<int, std::string> texts;

    explicit WireMessage(std::string_view bytes) {
        while (!bytes.empty()) {
            const std::uint64_t key = varint(bytes);
            const int field = static_cast<int>(key >> 3U);
            switch (key & 7U) {
                case 0:
                    numbers.emplace(field, varint(bytes));
                    break;
                case 1:
                    numbers.emplace(field, fixed<std::uint64_t>(bytes));
                    break;
                case 2:
                    texts.emplace(field, take(bytes, varint(bytes)));
                    break;
                case 5:
                    numbers.emplace(field, fixed<std::uint32_t>(bytes));
                    break;
                default:
                    throw std::runtime_error("unknown wire type");
            }
        }
    }

    bool has(int field) const { return numbers.contains(field) || texts.contains(field); }
    /// proto3 leaves zeros out.
    std::uint64_t number(int field) const {
        const auto entry = numbers.find(field);
        return entry == numbers.end() ? 0 : entry->second;
    }
    double real(int field) const { return as<double>(number(field)); }
    std::string text(int field) const {
        const auto entry = texts.find(field);
        return entry == texts.end() ? "" : entry->second;
    }
    WireMessage message(int field) const { return WireMessage(text(field)); }
    std::vector<double> reals(int field) const {
        const std::string packed = text(field);
        std::vector<double> all(packed.size() / sizeof(double));
        std::memcpy(all.data(), packed.data(), packed.size());
        return all;
    }

    template <typename Real, typename Bits>
    static Real as(Bits bits) {
        Real real;
        std::memcpy(&real, &bits, sizeof(real));
        return real;
    }
    template <typename Number>
    static Number fixed(std::string_view& bytes) {
        Number number;
        std::memcpy(&number, take(bytes, sizeof(number)).data(), sizeof(number));
        return number;
    }
    static std::string_view take(std::string_view& bytes, std::uint64_t count) {
        if (bytes.size() < count) throw std::runtime_error("a message or record is cut off");
        const std::string_view front = bytes.substr(0, count);
        bytes.remove_prefix(count);
        return front;
    }

private:
    static std::uint64_t varint(std::string_view& bytes) {
        std::uint64_t number = 0;
        for (unsigned shift = 0;; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(take(bytes, 1).front());
            number |= std::uint64_t{byte & 0x7FU} << shift;
            if ((byte & 0x80U) == 0) return number;
        }
    }
};

/// One value of an event file.
struct EventValue {
    std::string tag;
    std::int64_t step;
    WireMessage value;  // a Summary.Value

    float scalar() const { return WireMessage::as<float>(static_cast<std::uint32_t>(value.number(2))); }
    WireMessage image() const { return value.message(4); }
    WireMessage histogram() const { return value.message(5); }
    std::string text() const { return value.message(8).text(8); }
};

/// All values of a file in their order. Checksums are for read_events.py. Throws unless the file is whole and
/// begins with its version.
inline std::vector<EventValue> read_events(const std::filesystem::path& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    const std::string whole = content.str();
    std::vector<EventValue> values;
    bool is_first = true;
    for (std::string_view bytes = whole; !bytes.empty(); is_first = false) {
        const auto length = WireMessage::fixed<std::uint64_t>(bytes);
        WireMessage::take(bytes, 4);
        const WireMessage event(WireMessage::take(bytes, length));
        WireMessage::take(bytes, 4);
        if (is_first != event.has(3) || (is_first && event.text(3) != "brain.Event:2"))
            throw std::runtime_error("the version belongs at the beginning");
        if (is_first) continue;
        WireMessage value = event.message(5).message(1);
        std::string tag = value.text(1);
        values.push_back({std::move(tag), static_cast<std::int64_t>(event.number(2)), std::move(value)});
    }
    return values;
}

/// The only file in a directory.
inline std::filesystem::path only_file(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) files.push_back(entry.path());
    if (files.size() != 1) throw std::runtime_error(directory.string() + ": expected one file");
    return files.front();
}

}  // namespace lockstep
