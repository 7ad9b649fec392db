// Data in HDF5: what the input bytes mean is said in hostile_hdf5.h.
#include <array>

#include <lockstep/data/hdf5_source.h>
#include <lockstep/io/archive.h>

#include "hostile_input.h"
#include "read_rows.h"
#include "survive.h"

using namespace lockstep;

namespace {

void write_sound(const std::string& file) {
    io::ArchiveWriter writer(file, "");
    writer.array("/x", std::vector<float>(24, 0.5F), {4, 2, 3, 1});
    writer.array("/y", std::vector<std::int64_t>(4, 1), {4});
    writer.array("/w", std::vector<double>(4, 1.0), {4});
    writer.commit();
}

void read_file(const std::string& file) {
    const Hdf5Source::Options all{.files = {file},
                                  .inputs = {"x"},
                                  .targets = {"/y"},
                                  .sample_weight = "/w",
                                  .layout = Layout::channels_first};
    fuzz::survive([&] { fuzz::read_rows(Hdf5Source(all)); });
    fuzz::survive([&] { fuzz::read_rows(Hdf5Source({.files = {file}, .inputs = {"/x", "/g/x"}})); });
    fuzz::survive([&] { fuzz::read_rows(Hdf5Source({.files = {file}, .inputs = {"/g/h/x"}})); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::HostileInput input({"/x", "/y", "/w", "/g", "/g/x", "/g/h", "/g/h/x"}, write_sound);
    input.run({data, size}, read_file);
    return 0;
}
