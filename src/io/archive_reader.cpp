#include <algorithm>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>

#include "attributes.h"
#include "blocks.h"
#include "catalog.h"
#include "dataset_access.h"
#include "element_type.h"
#include "file_access.h"
#include "verify.h"

namespace lockstep::io {

struct ArchiveReader::File {
    explicit File(const std::string& name) : path(name), file(open_file(name)) {}

    std::string path;
    Handle file;

    void require_schema(const std::string& schema) const {
        const std::string found =
            has_text(file.get(), "schema", path) ? read_text(file.get(), "schema", path) : "none";
        if (found != schema)
            throw IoError(fmt::format("{}: expected a file of the schema {}, got {}", path, schema, found));
        if (!io::has_attribute(file.get(), "complete"))
            throw IoError(path +
                          ": the mark \"complete\" is missing: its writer was stopped; use an older file");
    }

    std::vector<std::string> arrays(const std::string& group) const {
        std::vector<std::string> names;
        if (!exists(file.get(), group, Links::never, path)) return names;
        for (const Entry& entry : list_entries(file.get(), group, path))
            if (entry.is_dataset() && !entry.name.starts_with("/text/")) names.push_back(entry.name);
        return names;
    }

    Handle open_array(const std::string& name) const {
        return open_numbers(file.get(), name, Links::never, path);
    }

    /// The array must have the very type: a conversion would lose bits without a word.
    Handle open_array(const std::string& name, hid_t type, std::size_t size) const {
        Handle dataset = open_array(name);
        const Handle stored(check(H5Dget_type(dataset.get()), "H5Dget_type", path));
        if (H5Tequal(stored.get(), type) <= 0)
            throw DataError(fmt::format("{}:{}: expected {}, got {}", path, name, describe_type(type),
                                        describe_type(stored.get())));
        const std::vector<hsize_t> extents = extents_of(dataset.get(), path);
        if (element_count(extents) != size)
            throw DataError(fmt::format("{}:{}: expected {} values, got the extents {}", path, name, size,
                                        describe_extents(extents)));
        return dataset;
    }
};

ArchiveReader::ArchiveReader(const std::string& path) : executor_(Executor::acquire()) {
    executor_->run(Priority::checkpoint, [&] { file_ = std::make_unique<File>(path); });
}

ArchiveReader::ArchiveReader(const std::string& path, const std::string& schema) : ArchiveReader(path) {
    executor_->run(Priority::checkpoint, [&] { file_->require_schema(schema); });
}

ArchiveReader::~ArchiveReader() {
    executor_->run(Priority::checkpoint, [this] { file_.reset(); });
}

template <typename Result, typename Task>
Result ArchiveReader::ask(const Task& task) const {
    Result result{};
    executor_->run(Priority::checkpoint, [&] { result = task(*file_); });
    return result;
}

bool ArchiveReader::contains(const std::string& name) const {
    const std::vector<std::string> names = arrays("/");
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> ArchiveReader::arrays(const std::string& group) const {
    return ask<std::vector<std::string>>([&](const File& file) { return file.arrays(group); });
}

Shape ArchiveReader::shape(const std::string& name) const {
    const auto extents = ask<std::vector<hsize_t>>(
        [&](const File& file) { return extents_of(file.open_array(name).get(), name); });
    return Shape(std::vector<std::size_t>(extents.begin(), extents.end()));
}

template <typename T>
void ArchiveReader::read(const std::string& name, std::span<T> out) const {
    Handle dataset =
        ask<Handle>([&](const File& file) { return file.open_array(name, element_type<T>(), out.size()); });
    std::string problem;
    const auto extents =
        ask<std::vector<hsize_t>>([&](const File&) { return extents_of(dataset.get(), name); });
    for (const Block& block : blocks(extents, kPieceBytes / sizeof(T))) {
        if (!problem.empty()) break;
        executor_->run(Priority::checkpoint, [&] {
            problem = read_block(dataset.get(), block, element_type<T>(), out.data() + block.offset);
        });
    }
    executor_->run(Priority::checkpoint, [&] { dataset = Handle(); });
    if (!problem.empty()) throw DataError(file_->path + ":" + name + ": " + problem);
}

void ArchiveReader::array(const std::string& name, std::span<float> out) const {
    read(name, out);
}
void ArchiveReader::array(const std::string& name, std::span<double> out) const {
    read(name, out);
}
void ArchiveReader::array(const std::string& name, std::span<std::int64_t> out) const {
    read(name, out);
}

std::string ArchiveReader::text(const std::string& attribute) const {
    return ask<std::string>(
        [&](const File& file) { return read_text(file.file.get(), attribute, file.path); });
}

std::int64_t ArchiveReader::integer(const std::string& attribute) const {
    return ask<std::int64_t>(
        [&](const File& file) { return read_integer(file.file.get(), attribute, file.path); });
}

double ArchiveReader::real(const std::string& attribute) const {
    return ask<double>([&](const File& file) { return read_real(file.file.get(), attribute, file.path); });
}

bool ArchiveReader::has_attribute(const std::string& attribute) const {
    return ask<bool>([&](const File& file) { return has_text(file.file.get(), attribute, file.path); });
}

void ArchiveReader::verify() const {
    const auto problems = ask<std::vector<std::string>>(
        [](const File& file) { return verify_datasets(file.file.get(), file.path); });
    if (!problems.empty()) throw DataError(problems.front());
}

}  // namespace lockstep::io
