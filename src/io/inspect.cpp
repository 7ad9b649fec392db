#include <array>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/core/text.h>
#include <lockstep/io/executor.h>
#include <lockstep/io/inspect.h>

#include "attributes.h"
#include "catalog.h"
#include "file_access.h"
#include "file_system.h"
#include "links.h"
#include "verify.h"

namespace lockstep::io {

namespace {

constexpr std::size_t kLongestValue = 100;  // of an attribute on the screen

std::string line(std::string_view text) {
    return printable(text) + "\n";
}

std::string attributes_as_text(hid_t object, const std::string& indent, const std::string& path) {
    std::string text;
    for (const std::string& name : attribute_names(object, path)) {
        std::string value = attribute_as_text(object, name, path);
        if (value.size() > kLongestValue) value = value.substr(0, kLongestValue) + "...";
        text += line(indent + "@" + value);
    }
    return text;
}

std::string filters_as_text(hid_t dataset, const std::string& path) {
    const Handle layout(check(H5Dget_create_plist(dataset), "H5Dget_create_plist", path));
    std::string text;
    for (unsigned i = 0;
         i < static_cast<unsigned>(check(H5Pget_nfilters(layout.get()), "H5Pget_nfilters", path)); ++i) {
        std::array<char, 64> name{};
        unsigned flags = 0;
        std::size_t values = 0;
        check(
            H5Pget_filter2(layout.get(), i, &flags, &values, nullptr, name.size() - 1, name.data(), nullptr),
            "H5Pget_filter2", path);
        text += fmt::format(", {}", name.data());
    }
    return text;
}

std::string dataset_as_text(hid_t dataset, const Entry& entry, const std::string& path) {
    const Handle type(check(H5Dget_type(dataset), "H5Dget_type", path));
    return fmt::format("{}  {} {}, {} bytes{}", entry.name, describe_extents(entry.extents),
                       describe_type(type.get()), H5Dget_storage_size(dataset),
                       filters_as_text(dataset, path));
}

std::string object_as_text(hid_t object, const Entry& entry, const std::string& path) {
    switch (entry.kind) {
        case Entry::Kind::group:
            return entry.name + "/";
        case Entry::Kind::dataset:
            return dataset_as_text(object, entry, path);
        case Entry::Kind::virtual_dataset:
            return entry.name + "  (a virtual dataset)";
        default:
            return entry.name + "  (a type)";
    }
}

std::string entry_as_text(hid_t file, const Entry& entry, const std::string& path) {
    using Kind = Entry::Kind;
    if (entry.kind == Kind::soft_link || entry.kind == Kind::external_link)
        return line(entry.name + " -> " + entry.target);
    if (!entry.target.empty())
        return line(fmt::format("{}/  (the same group as {})", entry.name, entry.target));
    if (!exists(file, entry.name, Links::never, path))
        return line(entry.name + "  (a link of a foreign kind)");
    const Handle object(
        check(H5Oopen(file, entry.name.c_str(), H5P_DEFAULT), "H5Oopen", path + ":" + entry.name));
    return line(object_as_text(object.get(), entry, path)) + attributes_as_text(object.get(), "    ", path);
}

std::string describe(const std::string& path) {
    const Handle file = open_file(path);
    std::string text = fmt::format("{}  {} bytes\n", path, file_size(path));
    text += attributes_as_text(file.get(), "    ", path);
    for (const Entry& entry : list_entries(file.get(), "/", path))
        text += entry_as_text(file.get(), entry, path);
    return text;
}

std::vector<std::string> verify(const std::string& path) {
    const Handle file = open_file(path);
    std::vector<std::string> problems = verify_datasets(file.get(), path);
    const std::string schema =
        has_text(file.get(), "schema", path) ? read_text(file.get(), "schema", path) : "";
    if (schema.starts_with("lockstep.run/"))
        for (std::string& problem : verify_tables(file.get(), path)) problems.push_back(std::move(problem));
    if (schema.starts_with("lockstep.checkpoint/") && !has_attribute(file.get(), "complete"))
        problems.push_back(path + ": the mark \"complete\" is missing: its writer was stopped");
    return problems;
}

}  // namespace

std::string describe_file(const std::string& path) {
    std::string text;
    Executor::acquire()->run(Priority::data, [&] { text = describe(path); });
    return text;
}

std::vector<std::string> verify_file(const std::string& path) {
    file_size(path);  // a missing file is an error, not a finding
    std::vector<std::string> problems;
    Executor::acquire()->run(Priority::data, [&] {
        try {
            problems = verify(path);
        } catch (const Error& error) {
            problems = {error.what()};
        }
    });
    return problems;
}

std::string hdf5_version() {
    unsigned major = 0;
    unsigned minor = 0;
    unsigned release = 0;
    hbool_t threadsafe = false;
    Executor::acquire()->run(Priority::data, [&] {
        check(H5get_libversion(&major, &minor, &release), "H5get_libversion", "HDF5");
        check(H5is_library_threadsafe(&threadsafe), "H5is_library_threadsafe", "HDF5");
    });
    return fmt::format("{}.{}.{}, {}", major, minor, release, threadsafe ? "thread-safe" : "not thread-safe");
}

}  // namespace lockstep::io
