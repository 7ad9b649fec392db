#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/shape.h>
#include <lockstep/nn/layer.h>

namespace lockstep {

/// A layer with a name, between two others.
struct NamedLayer {
    std::string name;  // unique in its list: "dense", "dense_1", ...
    std::unique_ptr<Layer> layer;
    Shape input;  // valid after build()
    Shape output;
    std::string where;  // "job.toml:12: model.layers[1]"; empty if a program made it
};

/// Layers, one after the other: those of a model, or of a part of a layer.
class LayerList {
public:
    /// From a list of a job file, or config(). Throws ConfigError naming the line.
    static LayerList from_config(const Config& list);
    Config config() const;

    /// `name` defaults to the layer's type, with _1, _2, ... for the next ones. Throws ConfigError if it is
    /// taken or has other characters than [A-Za-z0-9_.-].
    LayerList& add(std::unique_ptr<Layer> layer, std::string name = "");

    template <typename L>
    LayerList& add(typename L::Options options, std::string name = "") {
        return add(std::make_unique<L>(std::move(options)), std::move(name));
    }
    template <typename L>
    LayerList& add() {
        return add(std::make_unique<L>());
    }

    /// Works out shapes; returns the output's, which is the input's if there are no layers. Throws ShapeError
    /// naming the layer.
    Shape build(const Shape& input);

    bool empty() const { return entries_.empty(); }
    bool contains(const std::string& name) const;
    std::span<const NamedLayer> entries() const { return entries_; }
    bool has_shard_statistics() const;
    /// The most of one layer.
    std::size_t batch_sums() const;
    /// Multiplications and additions of one forward pass of one sample.
    double flops_per_sample() const;

private:
    std::vector<NamedLayer> entries_;
};

}  // namespace lockstep
