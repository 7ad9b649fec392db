#include "window_reader.h"

#include <algorithm>

namespace lockstep {

namespace {

/// Samples of one window that one rank can have: those of every batch that it meets, wholly or in part.
std::size_t capacity(const Dataset& dataset, const BatchPlan& plan, const WindowReader::Options& options) {
    const std::uint64_t window = std::min(options.shuffle.block * options.shuffle.window, dataset.size());
    const std::uint64_t batch = std::min(options.batch_size, dataset.size());
    return std::min<std::uint64_t>(window, (window / batch + 2) * plan.most_rows(batch));
}

}  // namespace

WindowReader::WindowReader(const Dataset& dataset, const BatchPlan& plan, const Options& options)
    : dataset_(dataset),
      plan_(plan),
      options_(options),
      windows_{SampleWindow(dataset, capacity(dataset, plan, options), options.targets),
               SampleWindow(dataset, capacity(dataset, plan, options), options.targets)} {}

BlockOrder WindowReader::order_of(std::uint64_t pass) const {
    return {dataset_.size(), options_.shuffle, options_.seed, pass};
}

/// The samples of this rank among the positions of a window.
void WindowReader::list(std::uint64_t pass, const BlockOrder::Window& window,
                        std::vector<std::uint64_t>& samples) const {
    const BlockOrder order = order_of(pass);
    for (std::uint64_t batch = window.first / options_.batch_size * options_.batch_size; batch < window.end();
         batch += options_.batch_size) {
        const BatchPlan::Range mine =
            plan_.my_samples(std::min(options_.batch_size, dataset_.size() - batch));
        const std::uint64_t begin = std::max(batch + mine.first, window.first);
        const std::uint64_t end = std::min(batch + mine.first + mine.count, window.end());
        for (std::uint64_t position = begin; position < end; ++position) samples.push_back(order(position));
    }
}

/// The memory that holds the window, or else takes it in from now on; never in the place of `kept`.
SampleWindow& WindowReader::at(std::uint64_t pass, const BlockOrder::Window& window,
                               const SampleWindow* kept) {
    const WindowKey key{pass, window.number};
    for (SampleWindow& one : windows_)
        if (one.holds(key)) return one;
    SampleWindow& free = &windows_[0] == kept ? windows_[1] : windows_[0];
    free.begin(key, [&](std::vector<std::uint64_t>& samples) { list(pass, window, samples); });
    return free;
}

void WindowReader::read(BatchKey key, std::span<const std::uint64_t> indices, const SampleRows& out) {
    const BlockOrder order = order_of(key.pass);
    const std::uint64_t begin = key.batch * options_.batch_size;
    const std::uint64_t end = std::min(begin + options_.batch_size, dataset_.size());
    SampleWindow& first = at(key.pass, order.window_of(begin), nullptr);
    SampleWindow& last = at(key.pass, order.window_of(end - 1), &first);
    for (SampleWindow* window : {&first, &last}) window->load(dataset_, window->size());
    for (std::size_t row = 0; row < indices.size(); ++row)
        if (!first.copy(indices[row], row, out)) last.copy(indices[row], row, out);
    read_ahead(key.pass, end, last);
}

/// `end`: of the batch that was read, in `current`, the last of its windows.
void WindowReader::read_ahead(std::uint64_t pass, std::uint64_t end, const SampleWindow& current) {
    const BlockOrder::Window window = order_of(pass).window_of(end - 1);
    const bool next_pass = window.end() == dataset_.size();
    const std::uint64_t pass_of_next = pass + (next_pass ? 1 : 0);
    const BlockOrder::Window next = order_of(pass_of_next).window_of(next_pass ? 0 : window.end());
    SampleWindow& ahead = at(pass_of_next, next, &current);
    const std::uint64_t done = end - window.first;
    ahead.load(dataset_, (ahead.size() * done + window.count - 1) / window.count);
}

}  // namespace lockstep
