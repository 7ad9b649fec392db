// What an order costs where the samples lie in a file: how fast batches of 128 are read without shuffling,
// with block shuffling, and with a full permutation, by one rank that does nothing else.
//
//     shuffle_bench FILE DATASET
//
// For example /x of the file that `large_data.py LOCKSTEP DIRECTORY --gigabytes 0.2 --only-data` makes, and
// what other chunks would give: h5repack -l x:CHUNK=1x28x28x1 large.h5 other.h5. A file that was just written
// is in the page cache: what is measured is unpacking and copying, which a slow file system makes worse.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include <lockstep/core/stopwatch.h>
#include <lockstep/data/batch_loader.h>
#include <lockstep/data/hdf5_source.h>

namespace {

using namespace lockstep;

constexpr std::uint64_t kBatch = 128;
constexpr BlockShuffle kBlocks{.block = 256, .window = 16};
constexpr double kSeconds = 3.0;  // that each order is measured, about

/// Samples per second: of whole passes, or of the first batches of one if a pass takes too long.
double speed(const Dataset& data, const Shuffle& shuffle) {
    BatchLoader loader(data, BatchPlan(1, 0, 1),
                       {.batch_size = kBatch, .shuffle = shuffle, .targets = false});
    const Stopwatch timer;
    std::uint64_t samples = 0;
    for (std::uint64_t pass = 0; timer.seconds() < kSeconds; ++pass)
        for (std::uint64_t batch = 0; batch < loader.batches() && timer.seconds() < 3 * kSeconds; ++batch)
            samples += loader.get(pass, batch).samples;
    return static_cast<double>(samples) / timer.seconds();
}

void measure(const std::string& file, const std::string& dataset) {
    const Dataset data(
        std::make_shared<Hdf5Source>(Hdf5Source::Options{.files = {file}, .inputs = {dataset}}));
    std::printf("%llu samples; block shuffle: blocks of %llu, windows of %llu blocks\n",
                static_cast<unsigned long long>(data.size()), static_cast<unsigned long long>(kBlocks.block),
                static_cast<unsigned long long>(kBlocks.window));
    const double ordered = speed(data, false), blocks = speed(data, kBlocks), full = speed(data, true);
    std::printf("  in order   blocks / in order   permutation / in order   blocks / permutation\n");
    std::printf("%8.0f/s %19.2f %24.3f %22.1f\n", ordered, blocks / ordered, full / ordered, blocks / full);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: shuffle_bench FILE DATASET\n");
        return 2;
    }
    try {
        measure(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "shuffle_bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
