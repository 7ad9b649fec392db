#include "replica_check.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

using Digest = std::int64_t;
using Digests = std::vector<Digest>;  // by array and weight; none of a rank without a copy

constexpr std::uint64_t kBeginning = 0x9E3779B97F4A7C15;

std::uint64_t digest_of(std::span<const float> values, std::uint64_t state) {
    for (const float value : values) {
        state = (state ^ std::bit_cast<std::uint32_t>(value)) * 0xFF51AFD7ED558CCD;
        state ^= state >> 32U;
    }
    return state;
}

Digest digest_of_all(std::span<const Replica> arrays) {
    std::uint64_t state = kBeginning;
    for (const Replica& array : arrays) state = digest_of(array.values, state);
    return static_cast<Digest>(state);
}

Digests digests_of(const ParameterLayout& layout, std::span<const Replica> arrays) {
    Digests digests;
    for (const Replica& array : arrays)
        for (const Parameter& weight : layout.parameters) {
            const auto values = array.values.subspan(weight.offset, weight.size);
            digests.push_back(static_cast<Digest>(digest_of(values, kBeginning)));
        }
    return digests;
}

Digests from_text(const std::string& text) {
    std::istringstream in(text);
    Digests digests;
    for (Digest digest = 0; in >> digest;) digests.push_back(digest);
    return digests;
}

/// First rank of the largest group with equal copies, and first rank outside of it.
std::pair<std::size_t, std::size_t> find_stranger(const std::vector<Digests>& copies) {
    std::map<Digests, std::vector<std::size_t>> groups;
    for (std::size_t rank = 0; rank < copies.size(); ++rank)
        if (!copies[rank].empty()) groups[copies[rank]].push_back(rank);
    const auto& most = std::ranges::max_element(groups, [](const auto& left, const auto& right) {
                           return std::pair(left.second.size(), right.second.front()) <
                                  std::pair(right.second.size(), left.second.front());
                       })->second;
    for (std::size_t rank = 0;; ++rank)
        if (!copies[rank].empty() && copies[rank] != copies[most.front()]) return {most.front(), rank};
}

/// "velocity of dense/kernel"; `index`: of the digest.
std::string name_of(const ParameterLayout& layout, std::span<const Replica> arrays, std::size_t index) {
    const std::size_t weights = layout.parameters.size();
    const std::string& array = arrays[index / weights].name;
    return (array.empty() ? "" : array + " of ") + layout.parameters[index % weights].path();
}

[[noreturn]] void throw_drift(const std::vector<std::string>& texts, const ParameterLayout& layout,
                              std::span<const Replica> arrays, std::int64_t step) {
    std::vector<Digests> copies;
    copies.reserve(texts.size());
    for (const std::string& text : texts) copies.push_back(from_text(text));
    const auto [usual, stranger] = find_stranger(copies);
    const auto differs = std::ranges::mismatch(copies[stranger], copies[usual]).in1;
    const auto index = static_cast<std::size_t>(differs - copies[stranger].begin());
    throw Error(
        fmt::format("after {} steps the copies of weights and optimizer have drifted apart: rank {} has "
                    "another {} than rank {}; memory, or a CPU that computes differently, is at fault",
                    step, stranger, name_of(layout, arrays, index), usual));
}

}  // namespace

void check_replicas(const Communicator& world, bool owns_copy, const ParameterLayout& layout,
                    std::span<const Replica> arrays, std::int64_t step) {
    const Digest all = owns_copy ? digest_of_all(arrays) : 0;
    using Limits = std::numeric_limits<Digest>;
    const Digest least = world.minimum(owns_copy ? all : Limits::max());
    const Digest most = world.maximum(owns_copy ? all : Limits::min());
    if (least == most) return;
    const Digests mine = owns_copy ? digests_of(layout, arrays) : Digests{};
    throw_drift(world.all_gather(fmt::format("{}", fmt::join(mine, " "))), layout, arrays, step);
}

}  // namespace lockstep
