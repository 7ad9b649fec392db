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
using Digests = std::vector<Digest>;  // by weight; none of a rank without a copy

Digest digest_of(std::span<const float> values) {
    std::uint64_t state = 0x9E3779B97F4A7C15;
    for (const float value : values) {
        state = (state ^ std::bit_cast<std::uint32_t>(value)) * 0xFF51AFD7ED558CCD;
        state ^= state >> 32U;
    }
    return static_cast<Digest>(state);
}

Digests digests_of(const ParameterLayout& layout, std::span<const float> weights) {
    Digests digests;
    for (const Parameter& parameter : layout.parameters)
        digests.push_back(digest_of(weights.subspan(parameter.offset, parameter.size)));
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

[[noreturn]] void throw_drift(const std::vector<std::string>& texts, const ParameterLayout& layout,
                              std::int64_t step) {
    std::vector<Digests> copies;
    copies.reserve(texts.size());
    for (const std::string& text : texts) copies.push_back(from_text(text));
    const auto [usual, stranger] = find_stranger(copies);
    const auto differs = std::ranges::mismatch(copies[stranger], copies[usual]).in1;
    const auto weight = static_cast<std::size_t>(differs - copies[stranger].begin());
    throw Error(
        fmt::format("after {} steps the copies of the weights have drifted apart: rank {} has another "
                    "{} than rank {}; memory, or a CPU that computes differently, is at fault",
                    step, stranger, layout.parameters[weight].path(), usual));
}

}  // namespace

void check_replicas(const Communicator& world, bool owns_copy, const ParameterLayout& layout,
                    std::span<const float> weights, std::int64_t step) {
    const Digest all = owns_copy ? digest_of(weights) : 0;
    using Limits = std::numeric_limits<Digest>;
    const Digest least = world.minimum(owns_copy ? all : Limits::max());
    const Digest most = world.maximum(owns_copy ? all : Limits::min());
    if (least == most) return;
    const Digests mine = owns_copy ? digests_of(layout, weights) : Digests{};
    throw_drift(world.all_gather(fmt::format("{}", fmt::join(mine, " "))), layout, step);
}

}  // namespace lockstep
