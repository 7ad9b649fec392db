#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <hdf5.h>

/// A file made or read with plain HDF5 calls: what other programs do.
class Hdf5File {
public:
    static Hdf5File create(const std::string& path) {
        return Hdf5File(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    }
    static Hdf5File open(const std::string& path) {
        return Hdf5File(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
    }
    Hdf5File(Hdf5File&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
    Hdf5File& operator=(Hdf5File&&) = delete;
    ~Hdf5File() {
        if (id_ >= 0) H5Fclose(id_);
    }

    hid_t id() const { return id_; }

    /// `layout`: a dataset creation list, H5P_DEFAULT for a contiguous dataset.
    void write(const std::string& name, hid_t stored, hid_t memory, const std::vector<hsize_t>& extents,
               const void* values, hid_t layout = H5P_DEFAULT) const {
        const hid_t space = H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr);
        const hid_t links = H5Pcreate(H5P_LINK_CREATE);
        H5Pset_create_intermediate_group(links, 1);
        const hid_t dataset = H5Dcreate2(id_, name.c_str(), stored, space, links, layout, H5P_DEFAULT);
        H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
        H5Dclose(dataset);
        H5Pclose(links);
        H5Sclose(space);
    }

    template <typename T>
    std::vector<T> read(const std::string& name, hid_t memory) const {
        const hid_t dataset = H5Dopen2(id_, name.c_str(), H5P_DEFAULT);
        const hid_t space = H5Dget_space(dataset);
        std::vector<T> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
        const herr_t status = H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
        H5Sclose(space);
        H5Dclose(dataset);
        require(status, name);
        return values;
    }
    std::vector<double> reals(const std::string& name) const { return read<double>(name, H5T_NATIVE_DOUBLE); }
    std::vector<long long> integers(const std::string& name) const {
        return read<long long>(name, H5T_NATIVE_LLONG);
    }

    std::vector<std::string> texts(const std::string& name) const {
        const hid_t dataset = H5Dopen2(id_, name.c_str(), H5P_DEFAULT);
        const hid_t type = H5Dget_type(dataset);
        const hid_t space = H5Dget_space(dataset);
        const std::size_t width = H5Tget_size(type);
        std::vector<std::string> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
        std::string packed(width * values.size(), '\0');
        const herr_t status = H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, packed.data());
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = packed.substr(i * width, width).c_str();
        H5Sclose(space);
        H5Tclose(type);
        H5Dclose(dataset);
        require(status, name);
        return values;
    }

    std::vector<hsize_t> extents(const std::string& name) const {
        const hid_t dataset = H5Dopen2(id_, name.c_str(), H5P_DEFAULT);
        const hid_t space = H5Dget_space(dataset);
        std::vector<hsize_t> extents(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
        H5Sget_simple_extent_dims(space, extents.data(), nullptr);
        H5Sclose(space);
        H5Dclose(dataset);
        return extents;
    }

private:
    explicit Hdf5File(hid_t id) : id_(id) {}

    static void require(herr_t status, const std::string& name) {
        if (status < 0) throw std::runtime_error("cannot read " + name);
    }
    hid_t id_;
};
