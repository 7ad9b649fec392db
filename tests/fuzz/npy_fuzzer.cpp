// One array of NumPy.
#include <lockstep/data/npy_source.h>

#include "input_file.h"
#include "read_rows.h"
#include "survive.h"

using namespace lockstep;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::InputFile file;
    file.write({data, size});
    for (const Layout layout : {Layout::channels_last, Layout::channels_first})
        fuzz::survive(
            [&] { fuzz::read_rows(NpySource({.inputs = {{.files = {file.name()}}}, .layout = layout})); });
    return 0;
}
