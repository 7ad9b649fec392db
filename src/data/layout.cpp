#include <string>

#include <lockstep/data/layout.h>

namespace lockstep {

Layout read_layout(const Config& keys) {
    const std::string name = keys.get<std::string>("layout", "channels_last");
    if (name == "channels_last") return Layout::channels_last;
    if (name == "channels_first") return Layout::channels_first;
    keys.at("layout").fail("expected \"channels_last\" or \"channels_first\", got \"" + name + "\"");
}

Shape in_memory(Layout layout, const Shape& stored) {
    if (layout == Layout::channels_last || stored.rank() != 3) return stored;
    return {stored[1], stored[2], stored[0]};
}

}  // namespace lockstep
