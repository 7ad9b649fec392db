#include <algorithm>

#include <lockstep/nn/layers/margins.h>

namespace lockstep {

template <typename Visit>
void Frame::for_each_line(Visit visit) const {
    const Extents3& extents = outer_.extents;
    std::size_t inner = 0;
    for (std::size_t i = 0; i < inner_.extents[0]; ++i) {
        for (std::size_t j = 0; j < inner_.extents[1]; ++j) {
            const std::size_t line = (i + before_[0]) * extents[1] + j + before_[1];
            visit(inner, (line * extents[2] + before_[2]) * outer_.channels);
            inner += inner_.extents[2] * inner_.channels;
        }
    }
}

void Frame::copy_out(const float* inner, float* outer) const {
    std::fill_n(outer, outer_.size(), 0.0F);
    const std::size_t line = inner_.extents[2] * inner_.channels;
    for_each_line([=](std::size_t from, std::size_t to) { std::copy_n(inner + from, line, outer + to); });
}

void Frame::copy_in(const float* outer, float* inner) const {
    const std::size_t line = inner_.extents[2] * inner_.channels;
    for_each_line([=](std::size_t to, std::size_t from) { std::copy_n(outer + from, line, inner + to); });
}

}  // namespace lockstep
