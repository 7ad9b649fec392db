// What an order costs where the samples lie in a compressed file: how fast batches of 128 are read without
// shuffling, with block shuffling, and with a full permutation.
//
//     shuffle_bench [SAMPLES [FILE]]
//
// The file (made anew, and removed) holds samples of 3,072 bytes, as CIFAR-10 has them, in chunks compressed
// by gzip. It is in the page cache: what is measured is unpacking and copying, which a slow file system makes
// worse.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <hdf5.h>

#include <lockstep/core/random.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/data/batch_loader.h>
#include <lockstep/data/hdf5_source.h>

namespace {

using namespace lockstep;

constexpr std::uint64_t kFeatures = 3072, kBatch = 128;
constexpr BlockShuffle kBlocks{.block = 256, .window = 16};
constexpr double kSeconds = 3.0;  // that each order is measured, about

/// Numbers that gzip halves: four random bits a byte.
void fill(std::uint64_t row, std::vector<std::uint8_t>& values) {
    const RandomStream random(1, Purpose::synthetic_data);
    for (std::size_t i = 0; i < values.size(); i += 16) {
        const auto words = random.words(row, i / 16);
        for (std::size_t j = 0; j < 16; ++j)
            values[i + j] = static_cast<std::uint8_t>((words[j / 4] >> (8 * (j % 4))) & 15U);
    }
}

void write_file(const std::string& path, std::uint64_t samples, hsize_t chunk) {
    const std::array<hsize_t, 2> extents{samples, kFeatures}, chunks{chunk, kFeatures};
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t space = H5Screate_simple(2, extents.data(), nullptr);
    const hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(layout, 2, chunks.data());
    H5Pset_deflate(layout, 4);
    const hid_t data = H5Dcreate2(file, "x", H5T_NATIVE_UINT8, space, H5P_DEFAULT, layout, H5P_DEFAULT);
    std::vector<std::uint8_t> values(chunk * kFeatures);
    for (hsize_t first = 0; first < samples; first += chunk) {
        const std::array<hsize_t, 2> start{first, 0}, count{std::min(chunk, samples - first), kFeatures};
        fill(first, values);
        const hid_t memory = H5Screate_simple(2, count.data(), nullptr);
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
        H5Dwrite(data, H5T_NATIVE_UINT8, memory, space, H5P_DEFAULT, values.data());
        H5Sclose(memory);
    }
    H5Dclose(data);
    H5Pclose(layout);
    H5Sclose(space);
    H5Fclose(file);
}

/// Samples per second: of whole passes, or of the first batches of one if a pass takes too long.
double speed(const std::string& path, const Shuffle& shuffle) {
    const Dataset data(std::make_shared<Hdf5Source>(Hdf5Source::Options{.files = {path}, .inputs = {"/x"}}));
    BatchLoader loader(data, BatchPlan(1, 0, 1),
                       {.batch_size = kBatch, .shuffle = shuffle, .targets = false});
    const Stopwatch timer;
    std::uint64_t samples = 0;
    for (std::uint64_t pass = 0; timer.seconds() < kSeconds; ++pass)
        for (std::uint64_t batch = 0; batch < loader.batches() && timer.seconds() < 3 * kSeconds; ++batch)
            samples += loader.get(pass, batch).samples;
    return static_cast<double>(samples) / timer.seconds();
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t samples = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 32768;
    const std::string path = argc > 2 ? argv[2] : "shuffle_bench.h5";
    std::printf("%llu samples; block shuffle: blocks of %llu, windows of %llu blocks\n",
                static_cast<unsigned long long>(samples), static_cast<unsigned long long>(kBlocks.block),
                static_cast<unsigned long long>(kBlocks.window));
    std::printf(
        "samples per chunk   in order   blocks / in order   permutation / in order   blocks / permutation\n");
    for (const hsize_t chunk : {hsize_t{1}, hsize_t{16}, hsize_t{256}}) {
        write_file(path, samples, chunk);
        const double ordered = speed(path, false), blocks = speed(path, kBlocks), full = speed(path, true);
        std::printf("%17llu %8.0f/s %19.2f %24.3f %22.1f\n", static_cast<unsigned long long>(chunk), ordered,
                    blocks / ordered, full / ordered, blocks / full);
    }
    std::filesystem::remove(path);
    return 0;
}
