// A table: the first byte says how it is read.
#include <lockstep/data/csv_source.h>

#include "input_file.h"
#include "read_rows.h"
#include "survive.h"

using namespace lockstep;

namespace {

CsvSource::Options options_of(std::uint8_t bits, const std::string& file) {
    CsvSource::Options options{
        .files = {file}, .header = (bits & 1) != 0, .separator = (bits & 2) != 0 ? ';' : ','};
    if ((bits & 4) != 0) options.files.push_back(file);
    if ((bits & 8) != 0) options.mean_files = {file};
    if ((bits & 16) != 0) options.missing = 0.0F;
    if ((bits & 32) != 0) options.targets = {options.header ? CsvSource::Column("y") : std::size_t{1}};
    if ((bits & 64) != 0) options.sample_weight = std::size_t{0};
    return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::InputFile file;
    if (size == 0) return 0;
    file.write({data + 1, size - 1});
    fuzz::survive([&] { fuzz::read_rows(CsvSource(options_of(data[0], file.name()))); });
    return 0;
}
