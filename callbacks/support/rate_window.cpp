#include "rate_window.h"

#include <algorithm>

namespace lockstep {

void RateWindow::start(double seconds) {
    before_ = {.seconds = seconds, .samples = 0};
    count_ = 0;
}

void RateWindow::add(double seconds, std::uint64_t samples) {
    const End& last = count_ == 0 ? before_ : ends_[(count_ - 1) % ends_.size()];
    const End next{.seconds = seconds, .samples = last.samples + samples};
    End& place = ends_[count_ % ends_.size()];
    if (count_ >= ends_.size()) before_ = place;
    place = next;
    ++count_;
}

RateWindow::Sum RateWindow::sum() const {
    if (count_ == 0) return {};
    const End& last = ends_[(count_ - 1) % ends_.size()];
    return {.seconds = last.seconds - before_.seconds,
            .batches = std::min<std::uint64_t>(count_, ends_.size()),
            .samples = last.samples - before_.samples};
}

}  // namespace lockstep
