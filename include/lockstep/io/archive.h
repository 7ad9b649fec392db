#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/shape.h>
#include <lockstep/io/executor.h>

namespace lockstep::io {

/// Writes a file of named arrays and texts that exists whole or not at all: to the temporary name
/// `.<name>.tmp.<pid>` in the same directory, flushed, closed, fsynced, renamed, directory fsynced.
/// Fletcher32 on every array; the attribute `complete` last. All return codes count: a full disk shows up in
/// flush and H5Dclose, not in H5Fclose.
///
/// Needs HDF5 1.10 or newer to read. One thread at a time may use a writer; each call returns when its values
/// are copied.
class ArchiveWriter {
public:
    /// `schema`: "lockstep.checkpoint/1"; empty for a layout that is not ours: the root then gets neither
    /// schema nor `complete`. Nothing is created before the first array or attribute.
    ArchiveWriter(std::string path, std::string schema, Priority priority = Priority::checkpoint);
    /// Without a successful commit(): removes what was written.
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;

    /// `name`: "/weights/dense/kernel"; groups are made as needed. A Shape without axes is a scalar,
    /// which has no checksum.
    /// Throws DataError if `values` do not fill `shape`, IoError if they cannot be written.
    void array(const std::string& name, std::span<const float> values, const Shape& shape);
    void array(const std::string& name, std::span<const double> values, const Shape& shape);
    void array(const std::string& name, std::span<const std::int64_t> values, const Shape& shape);
    /// Attributes of the root; a second value replaces the first. A text above 32 KiB becomes the dataset
    /// /text/<name>, with a checksum. Throws IoError.
    void attribute(const std::string& name, const std::string& value);
    void attribute(const std::string& name, std::int64_t value);
    void attribute(const std::string& name, double value);
    /// Of a group, which is made if it is not there: UTF-8 of any length, as h5py writes it. Throws IoError.
    void group_attribute(const std::string& group, const std::string& name, const std::string& value);

    /// Makes the file appear under its name. Throws IoError; the file that was there before stays then.
    void commit();

private:
    struct File;
    template <typename T>
    void write(const std::string& name, std::span<const T> values, const Shape& shape);

    std::shared_ptr<Executor> executor_;
    std::unique_ptr<File> file_;
};

/// Reads what ArchiveWriter wrote, and arrays of other files. One thread at a time may use a reader.
class ArchiveReader {
public:
    /// Of any HDF5 file, whoever wrote it. Throws IoError if the file is missing or is not HDF5.
    explicit ArchiveReader(const std::string& path);
    /// Throws IoError also if it has another schema than `schema` or lacks the mark of completion.
    ArchiveReader(const std::string& path, const std::string& schema);
    ~ArchiveReader();
    ArchiveReader(const ArchiveReader&) = delete;
    ArchiveReader& operator=(const ArchiveReader&) = delete;

    bool contains(const std::string& name) const;
    /// All arrays below `group`, by full name, in order; none if there is no such group.
    std::vector<std::string> arrays(const std::string& group) const;
    /// Throws DataError if there is no such array; the message lists those there are.
    Shape shape(const std::string& name) const;
    /// Throws DataError if there is no such array, it has another type, `out` another size, or a checksum is
    /// wrong.
    void array(const std::string& name, std::span<float> out) const;
    void array(const std::string& name, std::span<double> out) const;
    void array(const std::string& name, std::span<std::int64_t> out) const;
    /// Throw DataError if there is no such attribute or it has another type.
    std::string text(const std::string& attribute) const;
    std::int64_t integer(const std::string& attribute) const;
    double real(const std::string& attribute) const;
    bool has_attribute(const std::string& attribute) const;

    /// Reads every array, so that every checksum is checked. Throws DataError naming the array.
    void verify() const;

private:
    struct File;
    template <typename T>
    void read(const std::string& name, std::span<T> out) const;
    template <typename Result, typename Task>
    Result ask(const Task& task) const;

    std::shared_ptr<Executor> executor_;
    std::unique_ptr<File> file_;
};

}  // namespace lockstep::io
