#pragma once

#include <string>

#include <hdf5.h>

namespace lockstep::io {

/// What is done about links that can lead to other files: soft and external ones, and datasets whose bytes
/// lie elsewhere. `never` is for files that nobody may allow to have them, `refuse` for data, whose
/// `allow_links` the message then names.
enum class Links { never, refuse, allow };

/// How messages about a link that is not followed end.
const char* advice(Links links);

/// Whether `at`, a file or group, has an object called `name`. Throws DataError if a link on the way is not a
/// hard one, unless that is allowed; then nothing behind it was looked at.
bool exists(hid_t at, const std::string& name, Links links, const std::string& path);

}  // namespace lockstep::io
