#include "catalog.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "handle.h"
#include "storage.h"

namespace lockstep::io {

namespace {

constexpr int kDeepest = 32;
constexpr std::size_t kMostListed = 20;

struct Link {
    std::string name;
    H5L_info_t info;
};

herr_t collect_link(hid_t /*group*/, const char* name, const H5L_info_t* info, void* links) {
    static_cast<std::vector<Link>*>(links)->push_back({name, *info});
    return 0;
}

std::vector<Link> links_of(hid_t group, const std::string& path) {
    std::vector<Link> links;
    check(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_link, &links), "H5Literate", path);
    return links;
}

std::string target_of(hid_t group, const Link& link, const std::string& path) {
    std::string value(link.info.u.val_size, '\0');
    check(H5Lget_val(group, link.name.c_str(), value.data(), value.size(), H5P_DEFAULT), "H5Lget_val", path);
    if (link.info.type == H5L_TYPE_SOFT) return value.c_str();
    const char* file = nullptr;
    const char* object = nullptr;
    check(H5Lunpack_elink_val(value.data(), value.size(), nullptr, &file, &object), "H5Lunpack_elink_val",
          path);
    return fmt::format("{}:{}", file, object);
}

Entry entry_of_link(hid_t group, const Link& link, const std::string& name, const std::string& path) {
    Entry entry{.name = name};
    if (link.info.type == H5L_TYPE_SOFT) entry.kind = Entry::Kind::soft_link;
    if (link.info.type == H5L_TYPE_EXTERNAL) entry.kind = Entry::Kind::external_link;
    if (entry.kind != Entry::Kind::other) entry.target = target_of(group, link, path);
    return entry;
}

haddr_t address_of(hid_t object, const std::string& path) {
    H5O_info_t info{};
    check(H5Oget_info2(object, &info, H5O_INFO_BASIC), "H5Oget_info2", path);
    return info.addr;
}

class Walk {
public:
    Walk(std::string path, std::vector<Entry>& entries) : path_(std::move(path)), entries_(entries) {}

    /// `name`: "" of the root.
    void visit(hid_t group, const std::string& name, int depth) {
        names_.emplace(address_of(group, path_), name.empty() ? "/" : name);
        if (depth == kDeepest) return;
        for (const Link& link : links_of(group, path_)) {
            const std::string below = name + "/" + link.name;
            if (link.info.type == H5L_TYPE_HARD)
                add_object(group, link.name, below, depth);
            else
                entries_.push_back(entry_of_link(group, link, below, path_));
        }
    }

private:
    void add_object(hid_t group, const std::string& link, const std::string& name, int depth) {
        const std::string where = path_ + ":" + name;
        const Handle object(check(H5Oopen(group, link.c_str(), H5P_DEFAULT), "H5Oopen", where));
        const H5I_type_t type = H5Iget_type(object.get());
        if (type == H5I_GROUP) return add_group(object.get(), name, depth);
        Entry entry{.name = name};
        if (type == H5I_DATASET)
            entry.kind =
                is_virtual(object.get(), where) ? Entry::Kind::virtual_dataset : Entry::Kind::dataset;
        if (entry.kind == Entry::Kind::dataset) entry.extents = extents_of(object.get(), where);
        entries_.push_back(std::move(entry));
    }

    /// A group may contain itself, and many that contain each other have more names than memory has room for.
    void add_group(hid_t group, const std::string& name, int depth) {
        const auto first = names_.find(address_of(group, path_));
        const bool is_new = first == names_.end();
        entries_.push_back({.name = name, .kind = Entry::Kind::group, .target = is_new ? "" : first->second});
        if (is_new) visit(group, name, depth + 1);
    }

    std::string path_;
    std::vector<Entry>& entries_;
    std::map<haddr_t, std::string> names_;  // of groups, by where they lie in the file
};

std::string type_name(hid_t type) {
    const std::size_t bits = 8 * H5Tget_size(type);
    switch (H5Tget_class(type)) {
        case H5T_INTEGER:
            return fmt::format("{}int{}", H5Tget_sign(type) == H5T_SGN_NONE ? "u" : "", bits);
        case H5T_FLOAT:
            return fmt::format("float{}", bits);
        case H5T_STRING:
            return H5Tis_variable_str(type) > 0 ? "text of any length"
                                                : fmt::format("text of {} bytes", bits / 8);
        case H5T_ENUM:
            return fmt::format("enum of {} bits", bits);
        case H5T_COMPOUND:
            return fmt::format("compound of {} bytes", bits / 8);
        default:
            return fmt::format("another type of {} bytes", bits / 8);
    }
}

}  // namespace

std::vector<Entry> list_entries(hid_t file, const std::string& group, const std::string& path) {
    std::vector<Entry> entries;
    const Handle root(check(H5Gopen2(file, group.c_str(), H5P_DEFAULT), "H5Gopen2", path + ":" + group));
    Walk(path, entries).visit(root.get(), group == "/" ? "" : group, 0);
    return entries;
}

std::vector<std::string> table_names(const std::vector<Entry>& entries) {
    std::set<std::string> groups;
    for (const Entry& entry : entries)
        if (entry.is_dataset()) groups.insert(parent_of(entry.name));
    groups.erase("/");
    groups.erase("/text");
    return {groups.begin(), groups.end()};
}

std::string describe_datasets(hid_t file, const std::string& path) {
    std::string text;
    std::size_t listed = 0;
    for (const Entry& entry : list_entries(file, "/", path)) {
        if (entry.kind != Entry::Kind::dataset) continue;
        if (++listed > kMostListed) return text + ", ...";
        text += (text.empty() ? "" : ", ") + entry.name + " " + describe_extents(entry.extents);
    }
    return text.empty() ? "none" : text;
}

std::string parent_of(const std::string& name) {
    const auto slash = name.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : name.substr(0, slash);
}

std::vector<hsize_t> extents_of(hid_t dataset, const std::string& path) {
    const Handle space(check(H5Dget_space(dataset), "H5Dget_space", path));
    const int rank = check(H5Sget_simple_extent_ndims(space.get()), "H5Sget_simple_extent_ndims", path);
    std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
    check(H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr), "H5Sget_simple_extent_dims", path);
    return extents;
}

std::string describe_type(hid_t type) {
    const H5T_class_t kind = H5Tget_class(type);
    const bool number = kind == H5T_INTEGER || kind == H5T_FLOAT;
    return type_name(type) + (number && H5Tget_order(type) == H5T_ORDER_BE ? " big-endian" : "");
}

std::string describe_extents(const std::vector<hsize_t>& extents) {
    return fmt::format("[{}]", fmt::join(extents, ", "));
}

}  // namespace lockstep::io
