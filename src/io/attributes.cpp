#include "attributes.h"

#include <algorithm>

#include <fmt/format.h>

#include <lockstep/core/error.h>

#include "ascii.h"
#include "dataset_access.h"

namespace lockstep::io {

namespace {

constexpr std::size_t kLongestAttribute = 32768;  // HDF5's own limit is 64 KiB with its overhead
constexpr std::size_t kLongestText = std::size_t{1} << 30;

herr_t collect_name(hid_t /*object*/, const char* name, const H5A_info_t* /*info*/, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
}

void write_value(hid_t object, const std::string& name, hid_t type, const void* value,
                 const std::string& path) {
    if (has_attribute(object, name)) {
        const Handle old(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), "H5Aopen", path));
        const Handle old_type(check(H5Aget_type(old.get()), "H5Aget_type", path));
        if (H5Tequal(old_type.get(), type) > 0) {
            check(H5Awrite(old.get(), type, value), "H5Awrite", path);
            return;
        }
    }
    if (has_attribute(object, name)) check(H5Adelete(object, name.c_str()), "H5Adelete", path);
    const Handle scalar(check(H5Screate(H5S_SCALAR), "H5Screate", path));
    Handle attribute(check(H5Acreate2(object, name.c_str(), type, scalar.get(), H5P_DEFAULT, H5P_DEFAULT),
                           "H5Acreate2", path));
    check(H5Awrite(attribute.get(), type, value), "H5Awrite", path);
    attribute.close("H5Aclose", path);
}

Handle open_attribute(hid_t object, const std::string& name, H5T_class_t expected, const std::string& path) {
    if (!has_attribute(object, name))
        throw DataError(path + ": expected an attribute \"" + name + "\", there is none");
    Handle attribute(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), "H5Aopen", path));
    const Handle type(check(H5Aget_type(attribute.get()), "H5Aget_type", path));
    const Handle space(check(H5Aget_space(attribute.get()), "H5Aget_space", path));
    const bool text = expected == H5T_STRING;
    if (H5Tget_class(type.get()) != expected || H5Sget_simple_extent_npoints(space.get()) != 1 ||
        (text && H5Tis_variable_str(type.get()) != 0))
        throw DataError(path + ": the attribute \"" + name + "\" has another type than expected (" +
                        (text                      ? "text of fixed length"
                         : expected == H5T_INTEGER ? "an integer"
                                                   : "a floating value") +
                        ")");
    return attribute;
}

std::string trimmed(std::string text) {
    text.resize(std::min(text.find('\0'), text.size()));
    return text;
}

bool has_text_dataset(hid_t file, const std::string& name, const std::string& path) {
    return exists(file, "/text/" + name, Links::never, path);
}

std::size_t text_bytes(hid_t type, const std::string& name, const std::string& path) {
    const std::size_t bytes = H5Tget_size(type);
    if (bytes == 0 || bytes > kLongestText)
        throw DataError(fmt::format("{}: the text \"{}\" claims {} bytes", path, name, bytes));
    return bytes;
}

void write_text_dataset(hid_t file, const std::string& name, const std::string& value,
                        const std::string& path) {
    const std::string full = "/text/" + name;
    exists(file, full, Links::never, path);  // throws if it would be written into another file
    const Handle type = text_type(value.size(), is_ascii(value));
    const hsize_t one = 1;  // a scalar dataset cannot have a checksum
    const Handle space(check(H5Screate_simple(1, &one, nullptr), "H5Screate_simple", path));
    const Handle links(check(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate", path));
    check(H5Pset_create_intermediate_group(links.get(), 1), "H5Pset_create_intermediate_group", path);
    const Handle layout(check(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate", path));
    check(H5Pset_chunk(layout.get(), 1, &one), "H5Pset_chunk", path);
    check(H5Pset_fletcher32(layout.get()), "H5Pset_fletcher32", path);
    Handle dataset(
        check(H5Dcreate2(file, full.c_str(), type.get(), space.get(), links.get(), layout.get(), H5P_DEFAULT),
              "H5Dcreate2", path));
    check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, value.data()), "H5Dwrite", path);
    dataset.close("H5Dclose", path);
}

std::string read_text_dataset(hid_t file, const std::string& name, const std::string& path) {
    const Handle dataset = open_dataset(file, "/text/" + name, Links::never, path);
    const Handle type(check(H5Dget_type(dataset.get()), "H5Dget_type", path));
    const Handle space(check(H5Dget_space(dataset.get()), "H5Dget_space", path));
    if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) != 0 ||
        H5Sget_simple_extent_npoints(space.get()) != 1)
        throw DataError(path + ": /text/" + name + " is not one text of fixed length");
    std::string value(text_bytes(type.get(), name, path), '\0');
    check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, value.data()), "H5Dread",
          path + ":/text/" + name);
    return trimmed(std::move(value));
}

}  // namespace

void write_attribute(hid_t object, const std::string& name, std::int64_t value, const std::string& path) {
    write_value(object, name, H5T_NATIVE_INT64, &value, path);
}

void write_attribute(hid_t object, const std::string& name, double value, const std::string& path) {
    write_value(object, name, H5T_NATIVE_DOUBLE, &value, path);
}

void write_attribute(hid_t object, const std::string& name, const std::string& value,
                     const std::string& path) {
    const Handle type = text_type(std::max<std::size_t>(value.size(), 1));
    write_value(object, name, type.get(), value.c_str(), path);
}

void write_variable_text(hid_t object, const std::string& name, const std::string& value,
                         const std::string& path) {
    const char* const text = value.c_str();
    const Handle type = text_type(H5T_VARIABLE);
    write_value(object, name, type.get(), &text, path);
}

void write_text(hid_t file, const std::string& name, const std::string& value, const std::string& path) {
    if (has_text_dataset(file, name, path))
        check(H5Ldelete(file, ("/text/" + name).c_str(), H5P_DEFAULT), "H5Ldelete", path);
    if (value.size() <= kLongestAttribute) return write_attribute(file, name, value, path);
    if (has_attribute(file, name)) check(H5Adelete(file, name.c_str()), "H5Adelete", path);
    write_text_dataset(file, name, value, path);
}

bool has_attribute(hid_t object, const std::string& name) {
    return H5Aexists(object, name.c_str()) > 0;
}

bool has_text(hid_t file, const std::string& name, const std::string& path) {
    return has_attribute(file, name) || has_text_dataset(file, name, path);
}

std::vector<std::string> attribute_names(hid_t object, const std::string& path) {
    std::vector<std::string> names;
    check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names), "H5Aiterate2",
          path);
    return names;
}

std::int64_t read_integer(hid_t object, const std::string& name, const std::string& path) {
    const Handle attribute = open_attribute(object, name, H5T_INTEGER, path);
    std::int64_t value = 0;
    check(H5Aread(attribute.get(), H5T_NATIVE_INT64, &value), "H5Aread", path);
    return value;
}

double read_real(hid_t object, const std::string& name, const std::string& path) {
    const Handle attribute = open_attribute(object, name, H5T_FLOAT, path);
    double value = 0;
    check(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value), "H5Aread", path);
    return value;
}

std::string read_text(hid_t file, const std::string& name, const std::string& path) {
    if (!has_attribute(file, name) && has_text_dataset(file, name, path))
        return read_text_dataset(file, name, path);
    const Handle attribute = open_attribute(file, name, H5T_STRING, path);
    const Handle type(check(H5Aget_type(attribute.get()), "H5Aget_type", path));
    std::string value(text_bytes(type.get(), name, path), '\0');
    check(H5Aread(attribute.get(), type.get(), value.data()), "H5Aread", path);
    return trimmed(std::move(value));
}

Handle text_type(std::size_t bytes, bool is_ascii) {
    Handle type(check(H5Tcopy(H5T_C_S1), "H5Tcopy", "text"));
    check(H5Tset_size(type.get(), bytes), "H5Tset_size", "text");
    check(H5Tset_cset(type.get(), is_ascii ? H5T_CSET_ASCII : H5T_CSET_UTF8), "H5Tset_cset", "text");
    check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "H5Tset_strpad", "text");
    return type;
}

std::string attribute_as_text(hid_t object, const std::string& name, const std::string& path) {
    const Handle attribute(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), "H5Aopen", path));
    const Handle type(check(H5Aget_type(attribute.get()), "H5Aget_type", path));
    const Handle space(check(H5Aget_space(attribute.get()), "H5Aget_space", path));
    const bool single = H5Sget_simple_extent_npoints(space.get()) == 1;
    const H5T_class_t kind = H5Tget_class(type.get());
    if (single && kind == H5T_INTEGER) return fmt::format("{} = {}", name, read_integer(object, name, path));
    if (single && kind == H5T_FLOAT) return fmt::format("{} = {}", name, read_real(object, name, path));
    if (single && kind == H5T_STRING && H5Tis_variable_str(type.get()) == 0)
        return fmt::format("{} = \"{}\"", name, read_text(object, name, path));
    return name + " = ...";
}

}  // namespace lockstep::io
