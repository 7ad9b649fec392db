#include <cerrno>
#include <cstring>

#include <lockstep/core/error.h>
#include <lockstep/io/replace_file.h>

#include "file_system.h"
#include "output_file.h"

namespace lockstep::io {

void replace_file(const std::string& path, std::string_view bytes) {
    TemporaryFile temporary(path);
    OutputFile file(temporary.name());
    if (!file.is_open() || !file.cut(0) || !file.write(bytes, 0) || !file.close())
        throw IoError(temporary.name() + ": cannot write: " + std::strerror(errno));
    temporary.commit();
}

}  // namespace lockstep::io
