#include "npy_type.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

/// IEEE 754 binary16.
struct Half {
    std::uint16_t bits;

    explicit operator float() const {
        const int exponent = bits >> 10 & 0x1F;
        const int fraction = bits & 0x3FF;
        float magnitude = 0.0F;
        if (exponent == 0)
            magnitude = std::ldexp(static_cast<float>(fraction), -24);
        else if (exponent < 0x1F)
            magnitude = std::ldexp(static_cast<float>(fraction | 0x400), exponent - 25);
        else
            magnitude = fraction == 0 ? std::numeric_limits<float>::infinity()
                                      : std::numeric_limits<float>::quiet_NaN();
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }
};

template <typename T>
void convert(bool swapped, std::span<const std::byte> raw, std::span<float> out) {
    std::array<std::byte, sizeof(T)> element;
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::ranges::copy(raw.subspan(i * sizeof(T), sizeof(T)), element.begin());
        if (swapped) std::ranges::reverse(element);
        out[i] = static_cast<float>(std::bit_cast<T>(element));
    }
}

struct Conversion {
    std::string_view name;
    void (*run)(bool swapped, std::span<const std::byte> raw, std::span<float> out);
};

constexpr std::array<Conversion, 12> kConversions{{{"b1", convert<std::uint8_t>},
                                                   {"i1", convert<std::int8_t>},
                                                   {"i2", convert<std::int16_t>},
                                                   {"i4", convert<std::int32_t>},
                                                   {"i8", convert<std::int64_t>},
                                                   {"u1", convert<std::uint8_t>},
                                                   {"u2", convert<std::uint16_t>},
                                                   {"u4", convert<std::uint32_t>},
                                                   {"u8", convert<std::uint64_t>},
                                                   {"f2", convert<Half>},
                                                   {"f4", convert<float>},
                                                   {"f8", convert<double>}}};

std::string advice(std::string_view kind) {
    if (kind == "O") return "pickled Python objects are not read, as they can run any program";
    if (kind == "c") return "complex numbers have two parts; save x.real and x.imag";
    if (kind == "f") return "a long double is another type on every machine; save x.astype('float64')";
    if (kind == "U" || kind == "S") return "texts are no numbers; save the index of the class";
    return "save numbers, such as x.astype('float32')";
}

}  // namespace

NpyType parse_npy_type(const std::string& descr, const std::string& where) {
    const std::size_t order = descr.find_first_of("<>=|") == 0 ? 1 : 0;
    const std::string name = descr.substr(order);
    const auto* found = std::ranges::find(kConversions, name, &Conversion::name);
    if (found == kConversions.end())
        throw DataError(where + ": elements of type '" + descr +
                        "': expected booleans, integers or floats; " + advice(name.substr(0, 1)));
    const char foreign = std::endian::native == std::endian::little ? '>' : '<';
    return {.size = static_cast<std::size_t>(name[1] - '0'),
            .swapped = descr[0] == foreign,
            .convert = found->run};
}

}  // namespace lockstep
