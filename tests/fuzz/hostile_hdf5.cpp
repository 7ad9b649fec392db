#include "hostile_hdf5.h"

#include <algorithm>
#include <array>
#include <vector>

#include <hdf5.h>

#include "hostile_type.h"

namespace lockstep::fuzz {

namespace {

constexpr std::array<hsize_t, 12> kExtents{
    0, 1, 2, 3, 4, 7, 64, 1U << 16, hsize_t{1} << 31, hsize_t{1} << 32, hsize_t{1} << 40, hsize_t{1} << 62};
constexpr double kMostBytes = 1 << 15;  // that are written into one dataset or attribute
constexpr double kMostChunkBytes = 1 << 22;
constexpr int kMostParts = 24;
constexpr H5Z_filter_t kForeignFilter = 300;

std::size_t leave_as_it_is(unsigned /*flags*/, std::size_t /*values*/, const unsigned* /*value*/,
                           std::size_t bytes, std::size_t* /*room*/, void** /*buffer*/) {
    return bytes;
}

void register_foreign_filter() {
    const H5Z_class2_t filter{H5Z_CLASS_T_VERS, kForeignFilter, 1,       1,
                              "foreign",        nullptr,        nullptr, leave_as_it_is};
    H5Zregister(&filter);
}

class Builder {
public:
    Builder(hid_t file, std::span<const char* const> names, const std::string& other,
            FuzzedDataProvider& bytes)
        : file_(file), names_(names), other_(other), bytes_(bytes), links_(H5Pcreate(H5P_LINK_CREATE)) {
        H5Pset_create_intermediate_group(links_, 1);
    }
    ~Builder() { H5Pclose(links_); }
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;

    void add_part() {
        const char* path = name();
        if (bytes_.ConsumeBool()) H5Ldelete(file_, path, H5P_DEFAULT);
        switch (bytes_.ConsumeIntegralInRange(0, 9)) {
            case 0:
                H5Ldelete(file_, path, H5P_DEFAULT);
                break;
            case 1:
                close(H5Gcreate2(file_, path, links_, H5P_DEFAULT, H5P_DEFAULT));
                break;
            case 2:
                H5Lcreate_soft(name(), file_, path, links_, H5P_DEFAULT);
                break;
            case 3:
                H5Lcreate_external(other_.c_str(), "/", file_, path, links_, H5P_DEFAULT);
                break;
            case 4:
                H5Lcreate_hard(file_, bytes_.ConsumeBool() ? "/" : name(), file_, path, links_, H5P_DEFAULT);
                break;
            case 5:
            case 6:
                add_attribute(path);
                break;
            default:
                add_dataset(path);
        }
    }

private:
    static void close(hid_t object) {
        if (object >= 0) H5Idec_ref(object);
    }

    const char* name() { return names_[bytes_.ConsumeIntegralInRange<std::size_t>(0, names_.size() - 1)]; }

    hid_t space() {
        if (bytes_.ConsumeIntegralInRange(0, 15) == 0) return H5Screate(H5S_NULL);
        const int rank = bytes_.ConsumeIntegralInRange(0, 4);
        std::vector<hsize_t> extents, limits;
        for (int axis = 0; axis < rank; ++axis) extents.push_back(bytes_.PickValueInArray(kExtents));
        limits.assign(extents.size(), H5S_UNLIMITED);
        const bool grows = bytes_.ConsumeBool();
        return rank == 0 ? H5Screate(H5S_SCALAR)
                         : H5Screate_simple(rank, extents.data(), grows ? limits.data() : nullptr);
    }

    void set_layout(hid_t list, hid_t space) {
        switch (bytes_.ConsumeIntegralInRange(0, 7)) {
            case 0:
                H5Pset_layout(list, H5D_COMPACT);
                break;
            case 1:
                H5Pset_external(list, other_.c_str(), 0, H5F_UNLIMITED);
                break;
            case 2:
                set_virtual(list, space);
                break;
            case 3:
            case 4:
                set_chunks(list, space);
                break;
            default:
                break;
        }
    }

    void set_virtual(hid_t list, hid_t space) {
        const hsize_t one = 1, zero = 0, without_end = H5S_UNLIMITED;
        const hid_t mapped = H5Scopy(space);
        const hid_t source = H5Screate_simple(1, &one, &without_end);
        if (H5Sget_simple_extent_ndims(space) == 1 && bytes_.ConsumeBool()) {
            for (const hid_t selected : {mapped, source})
                H5Sselect_hyperslab(selected, H5S_SELECT_SET, &zero, nullptr, &without_end, nullptr);
            H5Pset_virtual(list, mapped, other_.c_str(), "/x", source);
        } else {
            H5Pset_virtual(list, mapped, other_.c_str(), "/x", mapped);
        }
        H5Sclose(source);
        H5Sclose(mapped);
    }

    void set_chunks(hid_t list, hid_t space) {
        std::vector<hsize_t> extents(H5S_MAX_RANK);
        const int rank = H5Sget_simple_extent_dims(space, extents.data(), nullptr);
        if (rank <= 0) return;
        for (int axis = 0; axis < rank; ++axis)
            extents[static_cast<std::size_t>(axis)] =
                bytes_.PickValueInArray<hsize_t>({1, 2, 3, 64, 1 << 20});
        H5Pset_chunk(list, rank, extents.data());
        for (int count = bytes_.ConsumeIntegralInRange(0, 2); count > 0; --count) add_filter(list);
    }

    void add_filter(hid_t list) {
        switch (bytes_.ConsumeIntegralInRange(0, 5)) {
            case 0:
                H5Pset_shuffle(list);
                break;
            case 1:
                H5Pset_fletcher32(list);
                break;
            case 2:
                H5Pset_nbit(list);
                break;
            case 3:
                H5Pset_scaleoffset(list, H5Z_SO_INT, H5Z_SO_INT_MINBITS_DEFAULT);
                break;
            case 4:
                H5Pset_filter(list, kForeignFilter, H5Z_FLAG_OPTIONAL, 0, nullptr);
                break;
            default:
                H5Pset_deflate(list, 1);
        }
    }

    static double bytes_in(hid_t type, hid_t space) {
        return static_cast<double>(H5Sget_simple_extent_npoints(space)) *
               static_cast<double>(H5Tget_size(type));
    }

    /// As many bytes as a dataset or an attribute takes, if they are few.
    std::vector<std::uint8_t> values(hid_t type, hid_t space) {
        const bool plain = H5Tdetect_class(type, H5T_VLEN) <= 0 && H5Tdetect_class(type, H5T_REFERENCE) <= 0;
        const double size = bytes_in(type, space);
        if (!plain || H5Tis_variable_str(type) > 0 || !(size >= 0 && size <= kMostBytes)) return {};
        return std::vector<std::uint8_t>(static_cast<std::size_t>(size),
                                         bytes_.ConsumeIntegral<std::uint8_t>());
    }

    /// HDF5 has memory for a whole chunk, and stumbles over odd types in its filters nbit and scaleoffset.
    static bool can_be_written(hid_t list, hid_t type) {
        const auto has = [&](H5Z_filter_t filter) {
            unsigned flags = 0;
            std::size_t values = 0;
            return H5Pget_filter_by_id2(list, filter, &flags, &values, nullptr, 0, nullptr, nullptr) >= 0;
        };
        auto chunk_bytes = static_cast<double>(H5Tget_size(type));
        std::vector<hsize_t> chunk(H5S_MAX_RANK);
        const bool is_chunked = H5Pget_layout(list) == H5D_CHUNKED;
        const int rank = is_chunked ? H5Pget_chunk(list, H5S_MAX_RANK, chunk.data()) : 0;
        for (int axis = 0; axis < rank; ++axis)
            chunk_bytes *= static_cast<double>(chunk[static_cast<std::size_t>(axis)]);
        return H5Pget_external_count(list) == 0 && H5Pget_layout(list) != H5D_VIRTUAL &&
               chunk_bytes <= kMostChunkBytes && !has(H5Z_FILTER_NBIT) && !has(H5Z_FILTER_SCALEOFFSET);
    }

    void add_dataset(const char* path) {
        const hid_t type = hostile_type(bytes_);
        const hid_t shape = space();
        const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
        set_layout(list, shape);
        const hid_t dataset = H5Dcreate2(file_, path, type, shape, links_, list, H5P_DEFAULT);
        const std::vector<std::uint8_t> written = values(type, shape);
        if (dataset >= 0 && can_be_written(list, type) && !written.empty())
            H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, written.data());
        for (const hid_t object : {dataset, list, shape, type}) close(object);
    }

    void add_attribute(const char* path) {
        const char* full = name();  // "/text/schema" is also the attribute "schema"
        const std::string attribute = std::string(full).substr(std::string(full).rfind('/') + 1);
        const hid_t object =
            bytes_.ConsumeBool() ? H5Oopen(file_, path, H5P_DEFAULT) : H5Oopen(file_, "/", H5P_DEFAULT);
        const hid_t type = hostile_type(bytes_);
        const hid_t shape = space();
        H5Adelete(object, attribute.c_str());
        const bool is_small = bytes_in(type, shape) <= kMostBytes;  // HDF5 has memory for all of it at once
        const hid_t made = is_small
                               ? H5Acreate2(object, attribute.c_str(), type, shape, H5P_DEFAULT, H5P_DEFAULT)
                               : H5I_INVALID_HID;
        std::vector<std::uint8_t> written = values(type, shape);
        if (bytes_.ConsumeBool()) {
            const std::string text = bytes_.ConsumeRandomLengthString(written.size());
            std::copy(text.begin(), text.end(), written.begin());
        }
        if (made >= 0 && !written.empty()) H5Awrite(made, type, written.data());
        for (const hid_t one : {made, shape, type, object}) close(one);
    }

    hid_t file_;
    std::span<const char* const> names_;
    const std::string& other_;
    FuzzedDataProvider& bytes_;
    hid_t links_;
};

}  // namespace

void make_hostile(const std::string& file, std::span<const char* const> names, const std::string& other,
                  FuzzedDataProvider& bytes) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    register_foreign_filter();
    const hid_t opened = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    if (opened < 0) return;
    {
        Builder builder(opened, names, other, bytes);
        for (int part = 0; part < kMostParts && bytes.remaining_bytes() > 0; ++part) builder.add_part();
    }
    H5Fclose(opened);
    H5Zunregister(kForeignFilter);  // nobody else knows it
}

}  // namespace lockstep::fuzz
