#pragma once

#include <string>
#include <vector>

#include <hdf5.h>

namespace lockstep::io {

/// One link of a file.
struct Entry {
    enum class Kind { group, dataset, virtual_dataset, soft_link, external_link, other };
    std::string name;  // "/epochs/loss"
    Kind kind = Kind::other;
    std::vector<hsize_t> extents = {};  // of a dataset that is not virtual
    std::string target = {};  // of a link that is not a hard one; of a group listed before: its first name

    bool is_dataset() const { return kind == Kind::dataset || kind == Kind::virtual_dataset; }
};

/// Everything below `group`, groups before what they hold, names in order. Links are listed, never followed,
/// and what a group holds that has several names is listed once. Throws IoError.
std::vector<Entry> list_entries(hid_t file, const std::string& group, const std::string& path);

/// The names of the groups that hold datasets, without the root and the long texts under /text.
std::vector<std::string> table_names(const std::vector<Entry>& entries);

/// "/x [60000, 28, 28] uint8, /y [60000] int64", or "none".
std::string describe_datasets(hid_t file, const std::string& path);

/// "/epochs" of "/epochs/loss"; "/" of "/epochs".
std::string parent_of(const std::string& name);

/// Extents of a dataset; {} for a scalar. Throws IoError.
std::vector<hsize_t> extents_of(hid_t dataset, const std::string& path);

/// "uint8", "float32 big-endian", "text of 16 bytes", ...
std::string describe_type(hid_t type);

/// "[60000, 28, 28]"
std::string describe_extents(const std::vector<hsize_t>& extents);

}  // namespace lockstep::io
