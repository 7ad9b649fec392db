#include "links.h"

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "hdf5_check.h"

namespace lockstep::io {

namespace {

const char* kind_of(H5L_type_t type) {
    if (type == H5L_TYPE_SOFT) return "a soft link";
    return type == H5L_TYPE_EXTERNAL ? "an external link" : "a link of a foreign kind";
}

}  // namespace

const char* advice(Links links) {
    return links == Links::never
               ? "it could name any file of this machine and is refused"
               : "it could name any file of this machine and is refused; set allow_links = true if you trust "
                 "the file";
}

bool exists(hid_t at, const std::string& name, Links links, const std::string& path) {
    for (std::size_t end = 0; end != std::string::npos;) {
        end = name.find('/', end + 1);
        const std::string part = name.substr(0, end);
        if (part.empty() || part == "/") continue;
        if (H5Lexists(at, part.c_str(), H5P_DEFAULT) <= 0) return false;
        H5L_info_t info{};
        check(H5Lget_info(at, part.c_str(), &info, H5P_DEFAULT), "H5Lget_info", path);
        if (info.type != H5L_TYPE_HARD && links != Links::allow)
            throw DataError(fmt::format("{}: {} is {}: {}", path, part, kind_of(info.type), advice(links)));
    }
    return true;
}

}  // namespace lockstep::io
