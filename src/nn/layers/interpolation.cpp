#include <algorithm>
#include <array>
#include <vector>

#include <lockstep/nn/layers/interpolation.h>
#include <lockstep/nn/layers/windows.h>

#include "channel_loops.h"

namespace lockstep {
namespace {

/// Each input has a window of the outputs for itself.
class Nearest final : public Interpolation {
public:
    Nearest(const Grid& outputs, const AxisSizes& sizes) : windows_(outputs, sizes, sizes, Padding::valid) {}

    const Grid& outputs() const override { return windows_.grid(); }

    void enlarge(const float* x, float* y) const override {
        const std::size_t channels = outputs().channels;
        windows_.for_each([&](std::size_t input, const Windows::Box& box) {
            windows_.for_each_place(box, [&](std::size_t place) {
                std::copy_n(x + input * channels, channels, y + place * channels);
            });
        });
    }

    void backward(const float* dy, float* dx) const override {
        const std::size_t channels = outputs().channels;
        std::fill_n(dx, windows_.outputs().size(), 0.0F);
        windows_.for_each([&](std::size_t input, const Windows::Box& box) {
            windows_.for_each_place(box, [&](std::size_t place) {
                add_scaled(dy + place * channels, 1.0F, channels, dx + input * channels);
            });
        });
    }

private:
    Windows windows_;
};

/// The two inputs of an axis around an output, and their shares.
struct Neighbours {
    std::array<std::size_t, 2> place;
    std::array<float, 2> share;
};

std::vector<Neighbours> neighbours_of_axis(std::size_t inputs, std::size_t size) {
    std::vector<Neighbours> outputs;
    for (std::size_t o = 0; o < inputs * size; ++o) {
        const double centre = (static_cast<double>(o) + 0.5) / static_cast<double>(size) - 0.5;
        const double inside = std::max(centre, 0.0);
        const auto first = static_cast<std::size_t>(inside);
        const auto share = static_cast<float>(inside - static_cast<double>(first));
        outputs.push_back({{first, std::min(first + 1, inputs - 1)}, {1.0F - share, share}});
    }
    return outputs;
}

class Bilinear final : public Interpolation {
public:
    Bilinear(const Grid& inputs, const Grid& outputs, const AxisSizes& sizes)
        : inputs_(inputs),
          outputs_(outputs),
          lines_(neighbours_of_axis(inputs.extents[1], sizes[0])),
          columns_(neighbours_of_axis(inputs.extents[2], sizes[1])) {}

    const Grid& outputs() const override { return outputs_; }

    void enlarge(const float* x, float* y) const override {
        std::fill_n(y, outputs_.size(), 0.0F);
        for_each_share([&](std::size_t input, std::size_t output, float share) {
            add_scaled(x + input, share, outputs_.channels, y + output);
        });
    }

    void backward(const float* dy, float* dx) const override {
        std::fill_n(dx, inputs_.size(), 0.0F);
        for_each_share([&](std::size_t input, std::size_t output, float share) {
            add_scaled(dy + output, share, outputs_.channels, dx + input);
        });
    }

private:
    /// Calls visit(offset of the input, offset of the output, share): four times for each output.
    template <typename Visit>
    void for_each_share(Visit visit) const {
        std::size_t output = 0;
        for (const Neighbours& line : lines_) {
            for (const Neighbours& column : columns_) {
                for (std::size_t i = 0; i < 4; ++i) {
                    const std::size_t place = line.place[i / 2] * inputs_.extents[2] + column.place[i % 2];
                    visit(place * inputs_.channels, output, line.share[i / 2] * column.share[i % 2]);
                }
                output += outputs_.channels;
            }
        }
    }

    Grid inputs_, outputs_;
    std::vector<Neighbours> lines_, columns_;
};

Grid enlarged(Grid grid, const AxisSizes& sizes) {
    const std::size_t first = grid.extents.size() - sizes.size();
    for (std::size_t i = 0; i < sizes.size(); ++i) grid.extents[first + i] *= sizes[i];
    return grid;
}

}  // namespace

std::unique_ptr<const Interpolation> make_nearest(const Grid& inputs, const AxisSizes& sizes) {
    return std::make_unique<Nearest>(enlarged(inputs, sizes), sizes);
}

std::unique_ptr<const Interpolation> make_bilinear(const Grid& inputs, const AxisSizes& sizes) {
    return std::make_unique<Bilinear>(inputs, enlarged(inputs, sizes), sizes);
}

}  // namespace lockstep
