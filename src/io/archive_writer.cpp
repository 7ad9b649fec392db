#include <lockstep/core/error.h>
#include <lockstep/io/archive.h>

#include "attributes.h"
#include "blocks.h"
#include "dataset_access.h"
#include "element_type.h"
#include "file_access.h"
#include "file_system.h"

namespace lockstep::io {

namespace {

/// Chunked by blocks that are written once each, with a checksum. An empty array has no chunks and nothing to
/// protect; HDF5 gives a scalar none.
Handle creation_list(const std::vector<hsize_t>& extents, hsize_t chunk_elements, const std::string& path) {
    Handle list(check(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate", path));
    if (extents.empty() || element_count(extents) == 0) return list;
    const std::vector<hsize_t> chunk = block_extents(extents, chunk_elements);
    check(H5Pset_chunk(list.get(), static_cast<int>(chunk.size()), chunk.data()), "H5Pset_chunk", path);
    check(H5Pset_fletcher32(list.get()), "H5Pset_fletcher32", path);
    return list;
}

/// For objects whose groups are made as needed.
Handle making_groups(const std::string& path) {
    Handle links(check(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate", path));
    check(H5Pset_create_intermediate_group(links.get(), 1), "H5Pset_create_intermediate_group", path);
    return links;
}

Handle open_or_create_group(hid_t file, const std::string& name, const std::string& path) {
    Handle group(H5Gopen2(file, name.c_str(), H5P_DEFAULT));
    if (group) return group;
    const Handle links = making_groups(path);
    return Handle(
        check(H5Gcreate2(file, name.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT), "H5Gcreate2", path));
}

Handle create_array(hid_t file, const std::string& name, hid_t type, const std::vector<hsize_t>& extents,
                    hsize_t chunk_elements, const std::string& path) {
    const Handle links = making_groups(path);
    const Handle space(check(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr),
                             "H5Screate_simple", path));
    const Handle creation = creation_list(extents, chunk_elements, path);
    return Handle(
        check(H5Dcreate2(file, name.c_str(), type, space.get(), links.get(), creation.get(), H5P_DEFAULT),
              "H5Dcreate2", path));
}

}  // namespace

struct ArchiveWriter::File {
    std::string path;
    std::string schema;
    Priority priority;
    Handle file = {};
    Handle dataset = {};  // the array that is being written
    TemporaryFile temporary{path};

    hid_t open() {
        if (file) return file.get();
        file = create_file(temporary.name(), Format::latest);
        if (!schema.empty()) write_attribute(file.get(), "schema", schema, path);
        return file.get();
    }

    void write_block(const Block& block, hid_t type, const void* values, const std::string& where) {
        const Handle box = select_box(dataset.get(), block.start.data(), block.count.data(), where);
        const Handle memory = flat_space(block.size, where);
        check(H5Dwrite(dataset.get(), type, memory.get(), box.get(), H5P_DEFAULT, values), "H5Dwrite", where);
    }

    void commit() {
        open();
        check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), "H5Fflush", path);
        if (!schema.empty()) write_attribute(file.get(), "complete", std::int64_t{1}, path);
        close_file(file, path);
        temporary.commit();
    }
};

ArchiveWriter::ArchiveWriter(std::string path, std::string schema, Priority priority)
    : executor_(Executor::acquire()), file_(new File{std::move(path), std::move(schema), priority}) {}

ArchiveWriter::~ArchiveWriter() {
    executor_->run(file_->priority, [this] { file_.reset(); });
}

template <typename T>
void ArchiveWriter::write(const std::string& name, std::span<const T> values, const Shape& shape) {
    const std::string where = file_->path + ":" + name;
    const std::vector<hsize_t> extents(shape.extents().begin(), shape.extents().end());
    if (element_count(extents) != values.size())
        throw DataError(where + ": " + std::to_string(values.size()) + " values do not fill the shape " +
                        shape.to_string());
    constexpr hsize_t kChunkElements = kPieceBytes / sizeof(T);
    executor_->run(file_->priority, [&] {
        file_->dataset = create_array(file_->open(), name, element_type<T>(), extents, kChunkElements, where);
    });
    for (const Block& block : blocks(extents, kChunkElements))
        executor_->run(file_->priority, [&] {
            file_->write_block(block, element_type<T>(), values.data() + block.offset, where);
        });
    executor_->run(file_->priority, [&] { file_->dataset.close("H5Dclose", where); });
}

void ArchiveWriter::array(const std::string& name, std::span<const float> values, const Shape& shape) {
    write(name, values, shape);
}
void ArchiveWriter::array(const std::string& name, std::span<const double> values, const Shape& shape) {
    write(name, values, shape);
}
void ArchiveWriter::array(const std::string& name, std::span<const std::int64_t> values, const Shape& shape) {
    write(name, values, shape);
}

void ArchiveWriter::attribute(const std::string& name, const std::string& value) {
    executor_->run(file_->priority, [&] { write_text(file_->open(), name, value, file_->path); });
}
void ArchiveWriter::attribute(const std::string& name, std::int64_t value) {
    executor_->run(file_->priority, [&] { write_attribute(file_->open(), name, value, file_->path); });
}
void ArchiveWriter::attribute(const std::string& name, double value) {
    executor_->run(file_->priority, [&] { write_attribute(file_->open(), name, value, file_->path); });
}

void ArchiveWriter::group_attribute(const std::string& group, const std::string& name,
                                    const std::string& value) {
    const std::string where = file_->path + ":" + group;
    executor_->run(file_->priority, [&] {
        Handle opened = open_or_create_group(file_->open(), group, where);
        write_variable_text(opened.get(), name, value, where);
        opened.close("H5Gclose", where);
    });
}

void ArchiveWriter::commit() {
    executor_->run(file_->priority, [this] { file_->commit(); });
}

}  // namespace lockstep::io
