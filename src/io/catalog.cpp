#include "catalog.h"

#include <set>

#include <fmt/format.h>

#include "handle.h"

namespace lockstep::io {

namespace {

constexpr int kDeepest = 32;  // a group may contain itself
constexpr std::size_t kMostListed = 20;

std::string link_name(hid_t group, hsize_t index, const std::string& path) {
    const ssize_t length =
        check(H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, nullptr, 0, H5P_DEFAULT),
              "H5Lget_name_by_idx", path);
    std::string name(static_cast<std::size_t>(length), '\0');
    check(H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name.data(), name.size() + 1,
                             H5P_DEFAULT),
          "H5Lget_name_by_idx", path);
    return name;
}

std::string link_target(hid_t group, const std::string& name, const H5L_info_t& info,
                        const std::string& path) {
    std::string value(info.u.val_size, '\0');
    check(H5Lget_val(group, name.c_str(), value.data(), value.size(), H5P_DEFAULT), "H5Lget_val", path);
    if (info.type == H5L_TYPE_SOFT) return value.c_str();
    const char* file = nullptr;
    const char* object = nullptr;
    check(H5Lunpack_elink_val(value.data(), value.size(), nullptr, &file, &object), "H5Lunpack_elink_val",
          path);
    return fmt::format("{}:{}", file, object);
}

class Walk {
public:
    Walk(std::string path, std::vector<Entry>& entries) : path_(std::move(path)), entries_(entries) {}

    void visit(hid_t group, const std::string& prefix, int depth) {
        H5G_info_t info{};
        check(H5Gget_info(group, &info), "H5Gget_info", path_);
        for (hsize_t i = 0; i < info.nlinks && depth < kDeepest; ++i)
            add(group, link_name(group, i, path_), prefix, depth);
    }

private:
    void add(hid_t group, const std::string& name, const std::string& prefix, int depth) {
        Entry entry;
        entry.name = prefix + "/" + name;
        H5L_info_t link{};
        check(H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT), "H5Lget_info", path_);
        if (link.type == H5L_TYPE_HARD) return add_object(group, name, std::move(entry), depth);
        entry.kind = link.type == H5L_TYPE_SOFT ? Entry::Kind::soft_link : Entry::Kind::external_link;
        if (link.type == H5L_TYPE_SOFT || link.type == H5L_TYPE_EXTERNAL)
            entry.target = link_target(group, name, link, path_);
        entries_.push_back(std::move(entry));
    }

    void add_object(hid_t group, const std::string& name, Entry entry, int depth) {
        const std::string where = path_ + ":" + entry.name;
        const Handle object(check(H5Oopen(group, name.c_str(), H5P_DEFAULT), "H5Oopen", where));
        const H5I_type_t type = H5Iget_type(object.get());
        if (type == H5I_DATASET) {
            entry.kind = Entry::Kind::dataset;
            entry.extents = extents_of(object.get(), where);
        }
        if (type == H5I_GROUP) entry.kind = Entry::Kind::group;
        const std::string below = entry.name;
        entries_.push_back(std::move(entry));
        if (type == H5I_GROUP) visit(object.get(), below, depth + 1);
    }

    std::string path_;
    std::vector<Entry>& entries_;
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
        if (entry.kind == Entry::Kind::dataset) groups.insert(parent_of(entry.name));
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
