// Two IDX files, plain or compressed with gzip: the first byte says how long the one with the targets is.
#include <algorithm>

#include <lockstep/data/idx_source.h>

#include "input_file.h"
#include "read_rows.h"
#include "survive.h"

using namespace lockstep;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::InputFile inputs, targets;
    if (size == 0) return 0;
    const std::span<const std::uint8_t> bytes(data + 1, size - 1);
    const std::size_t split = std::min<std::size_t>(data[0] & 0x7F, bytes.size());
    targets.write(bytes.first(split));
    inputs.write(bytes.subspan(split));
    fuzz::survive([&] {
        IdxSource::Options options{.inputs = inputs.name(), .layout = Layout::channels_first};
        if (split > 0) options.targets = targets.name();
        fuzz::read_rows(IdxSource(options));
    });
    return 0;
}
