// An archive of arrays of NumPy.
#include <lockstep/data/npy_source.h>

#include "input_file.h"
#include "read_rows.h"
#include "survive.h"

using namespace lockstep;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::InputFile file;
    file.write({data, size});
    fuzz::survive([&] {
        fuzz::read_rows(NpySource({.inputs = {{.files = {file.name()}, .member = "x"}},
                                   .targets = {{.files = {file.name()}, .member = "y"}}}));
    });
    return 0;
}
