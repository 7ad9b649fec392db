#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <lockstep/comm/node_memory.h>
#include <lockstep/comm/session.h>
#include <lockstep/data/source.h>

namespace lockstep {

/// Where samples are kept, so that every pass after the first reads memory.
enum class Cache {
    none,
    memory,  // each rank has a copy of its own
    node,    // the ranks of a node share one
};

/// The samples of another source in memory, as float32: decoded and scaled as that source has them.
class CachedSource final : public Source {
public:
    /// Collective. Reads `source` once per copy: the ranks of a node that share one read a part each. Then it
    /// lets go of `source`. Throws on all ranks: ConfigError if a node has too little memory for its copies
    /// or if `place` is none, and what the source throws on any of them.
    CachedSource(const Session& session, std::shared_ptr<const Source> source, Cache place);

    /// Of one copy of all samples of `source`.
    static std::size_t bytes_needed(const Source& source);

    std::uint64_t size() const override { return size_; }
    const Shape& input_shape() const override { return input_shape_; }
    const Shape& target_shape() const override { return target_shape_; }
    bool has_targets() const override { return !all_.targets.empty(); }
    bool has_weights() const override { return !all_.weights.empty(); }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override;
    std::string describe() const override { return name_; }

private:
    std::string name_;
    std::uint64_t size_;
    Shape input_shape_, target_shape_;
    std::shared_ptr<NodeMemory> memory_;
    SampleRows all_;  // in memory_
};

}  // namespace lockstep
