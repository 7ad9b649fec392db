#pragma once

#include <algorithm>

#include <lockstep/nn/layers/patch_grid.h>

namespace lockstep {

/// Consecutive positions of one line of positions.
struct PatchGrid::Line {
    std::size_t image_offset;  // of the first pixel of the image, in floats, with the group's channels
    std::size_t position;      // of the first, counted from the first one visited
    std::array<std::size_t, 3> at;
    std::size_t count;
};

template <typename Inside, typename Outside>
void PatchGrid::visit(std::size_t first, std::size_t count, std::size_t group, const Inside& inside,
                      const Outside& outside) const {
    const std::size_t width = axes_[2].positions, height = axes_[1].positions;
    for (std::size_t done = 0, step = 0; done < count; done += step) {
        const std::size_t position = (first + done) % positions_, line = position / width;
        step = std::min(count - done, width - position % width);
        visit_line({.image_offset = (first + done) / positions_ * image_size_ + group * group_channels_,
                    .position = done,
                    .at = {line / height, line % height, position % width},
                    .count = step},
                   inside, outside);
    }
}

template <typename Inside, typename Outside>
void PatchGrid::visit_line(const Line& line, const Inside& inside, const Outside& outside) const {
    const auto& [depth, height, width] = axes_;
    for (std::size_t i = 0, tap = 0; i < depth.taps; ++i) {
        const std::size_t slice = depth.place(line.at[0], i);
        for (std::size_t j = 0; j < height.taps; ++j, tap += width.taps) {
            const std::size_t row = height.place(line.at[1], j);
            if (slice < depth.places && row < height.places)
                visit_row(line, line.image_offset + (slice * height.places + row) * width.places * channels_,
                          tap, inside, outside);
            else
                outside(Strip{0, line.position, line.count, tap, width.taps});
        }
    }
}

template <typename Inside, typename Outside>
void PatchGrid::visit_row(const Line& line, std::size_t row_offset, std::size_t tap, const Inside& inside,
                          const Outside& outside) const {
    const WindowAxis& width = axes_[2];
    const std::size_t first = line.at[2], last = first + line.count;
    const std::size_t begin = std::clamp(width.inner_begin(), first, last);
    const std::size_t end = std::clamp(width.inner_end(), begin, last);
    const std::size_t base = line.position - first;  // may wrap; base + at does not
    for (std::size_t at = first; at < begin; ++at)
        visit_edge(at, base + at, row_offset, tap, inside, outside);
    if (begin < end) {
        const std::size_t taps = taps_adjoin_ ? width.taps : 1;
        for (std::size_t t = 0; t < width.taps; t += taps)
            inside(Strip{row_offset + width.place(begin, t) * channels_, base + begin, end - begin, tap + t,
                         taps});
    }
    for (std::size_t at = end; at < last; ++at) visit_edge(at, base + at, row_offset, tap, inside, outside);
}

template <typename Inside, typename Outside>
void PatchGrid::visit_edge(std::size_t at, std::size_t position, std::size_t row_offset, std::size_t tap,
                           const Inside& inside, const Outside& outside) const {
    const WindowAxis& width = axes_[2];
    for (std::size_t t = 0; t < width.taps; ++t) {
        const std::size_t pixel = width.place(at, t);
        if (pixel < width.places)
            inside(Strip{row_offset + pixel * channels_, position, 1, tap + t, 1});
        else
            outside(Strip{0, position, 1, tap + t, 1});
    }
}

}  // namespace lockstep
