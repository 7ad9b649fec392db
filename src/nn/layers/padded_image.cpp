#include <algorithm>

#include <lockstep/nn/layers/padded_image.h>

namespace lockstep {

PaddedAxis PaddedAxis::of_inputs(const WindowAxis& axis) {
    const std::size_t seen = (axis.positions - 1) * axis.stride + axis.span();
    return {.pixels = axis.places,
            .before = axis.before,
            .step = 1,
            .size = std::max(seen, axis.before + axis.places)};
}

PaddedAxis PaddedAxis::of_output_gradient(const WindowAxis& axis) {
    return {.pixels = axis.positions,
            .before = axis.span() - 1 - axis.before,
            .step = axis.stride,
            .size = axis.places + axis.span() - 1};
}

PaddedImage::PaddedImage(const std::array<PaddedAxis, 2>& axes, std::size_t channels, std::size_t repetitions)
    : axes_(axes), channels_(channels), repetitions_(repetitions) {
    const auto is_full = [](const PaddedAxis& axis) { return axis.size == axis.pixels; };
    if (repetitions == 1 && std::ranges::all_of(axes, is_full)) return;
    copy_ = AlignedBuffer<float>(axes[0].size * axes[1].size * channels);
}

const float* PaddedImage::of(const float* image) {
    if (copy_.empty()) return image;
    const auto& [rows, columns] = axes_;
    for (std::size_t row = 0; row < rows.pixels; ++row) {
        const std::size_t line = rows.before + row * rows.step;
        copy_line(image + row * columns.pixels * (channels_ / repetitions_),
                  copy_.data() + (line * columns.size + columns.before) * channels_);
    }
    return copy_.data();
}

void PaddedImage::copy_line(const float* pixels, float* to) const {
    const std::size_t count = axes_[1].pixels, step = axes_[1].step;
    const std::size_t channels = channels_ / repetitions_, run = step == 1 ? count : 1;
    for (std::size_t pixel = 0; pixel < count; pixel += run)
        copy_run(pixels + pixel * channels, run * channels, to + pixel * step * channels_);
}

void PaddedImage::copy_run(const float* values, std::size_t count, float* to) const {
    if (repetitions_ == 1)
        std::copy_n(values, count, to);
    else
        for (std::size_t i = 0; i < count; ++i) std::fill_n(to + i * repetitions_, repetitions_, values[i]);
}

math::ImageWindows PaddedImage::windows(const std::array<WindowAxis, 2>& axes) const {
    const auto& [rows, columns] = axes;
    const std::size_t line = axes_[1].size * channels_;
    return {.rows = rows.positions,
            .columns = columns.positions,
            .row_step = rows.stride * line,
            .column_step = columns.stride * channels_,
            .tap_rows = rows.taps,
            .tap_columns = columns.taps,
            .tap_row_step = rows.dilation * line,
            .tap_column_step = columns.dilation * channels_,
            .channels = channels_};
}

}  // namespace lockstep
