#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include <zip.h>

#include <lockstep/core/deflate_limit.h>
#include <lockstep/core/error.h>

#include "byte_reader.h"

namespace lockstep {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr zip_int64_t kMostListed = 20;

struct CloseArchive {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseMember {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;

Archive open_archive(const std::string& name) {
    int code = ZIP_ER_OK;
    Archive archive(zip_open(name.c_str(), ZIP_RDONLY, &code));
    if (archive) return archive;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string text =
        name + ": cannot be opened as a zip archive (.npz): " + zip_error_strerror(&error);
    zip_error_fini(&error);
    if (code == ZIP_ER_OPEN || code == ZIP_ER_READ || code == ZIP_ER_NOENT) throw IoError(text);
    throw DataError(text);
}

/// An open member, read from its beginning on.
class Member {
public:
    Member(Archive archive, zip_uint64_t index, std::string name)
        : name_(std::move(name)),
          archive_(std::move(archive)),
          file_(zip_fopen_index(archive_.get(), index, 0)) {
        if (!file_) throw DataError(name_ + ": cannot be opened: " + zip_strerror(archive_.get()));
    }

    const std::string& name() const { return name_; }

    void seek(std::uint64_t offset) {
        if (zip_fseek(file_.get(), static_cast<zip_int64_t>(offset), SEEK_SET) != 0) fail();
    }

    /// Fills as much of `out` as there is.
    std::size_t read(std::span<std::byte> out) {
        std::size_t done = 0;
        while (done < out.size()) {
            const zip_int64_t got = zip_fread(file_.get(), out.data() + done, out.size() - done);
            if (got < 0) fail();
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

private:
    [[noreturn]] void fail() const {
        throw DataError(name_ + ": cannot be read: " + zip_file_strerror(file_.get()));
    }

    std::string name_;
    Archive archive_;  // declared before its member: closed after it
    std::unique_ptr<zip_file_t, CloseMember> file_;
};

[[noreturn]] void fail_truncated(const Member& member, std::uint64_t size) {
    throw DataError(member.name() + ": truncated: the archive promises " + std::to_string(size) + " bytes");
}

class StoredBytes final : public ByteReader {
public:
    StoredBytes(Member member, std::uint64_t size) : member_(std::move(member)), size_(size) {}

    std::uint64_t size() const override { return size_; }
    void read(std::uint64_t offset, std::span<std::byte> out) const override {
        member_.seek(offset);
        if (member_.read(out) != out.size()) fail_truncated(member_, size_);
    }

private:
    mutable Member member_;
    std::uint64_t size_;
};

/// Memory grows with what was really inflated, whatever the archive says.
class InflatedBytes final : public ByteReader {
public:
    InflatedBytes(Member member, std::uint64_t size) : member_(std::move(member)), size_(size) {}

    std::uint64_t size() const override { return size_; }
    void read(std::uint64_t offset, std::span<std::byte> out) const override {
        while (bytes_.size() < offset + out.size()) inflate_piece();
        std::ranges::copy(std::span(bytes_).subspan(offset, out.size()), out.begin());
    }

private:
    void inflate_piece() const {
        const std::size_t old = bytes_.size();
        bytes_.resize(old + std::min<std::uint64_t>(kPiece, size_ - old));
        if (member_.read(std::span(bytes_).subspan(old)) != bytes_.size() - old)
            fail_truncated(member_, size_);
        if (bytes_.size() == size_) check_end();
    }

    /// The end of the member is where its checksum is compared.
    void check_end() const {
        std::byte more{};
        if (member_.read({&more, 1}) != 0)
            throw DataError(member_.name() + ": damaged: longer than the " + std::to_string(size_) +
                            " bytes that the archive promises");
    }

    mutable Member member_;
    mutable std::vector<std::byte> bytes_;
    std::uint64_t size_;
};

std::string list_members(zip_t* archive) {
    const zip_int64_t count = zip_get_num_entries(archive, 0);
    std::string names;
    for (zip_int64_t i = 0; i < std::min(count, kMostListed); ++i) {
        const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
        std::string text = name == nullptr ? "?" : name;
        if (text.ends_with(".npy")) text.resize(text.size() - 4);
        names += (names.empty() ? "" : ", ") + text;
    }
    return count > kMostListed ? names + ", ..." : names;
}

/// What the archive says of a member, if that can be true.
zip_stat_t promise_of(zip_t* archive, zip_uint64_t index, std::uint64_t archive_size,
                      const std::string& where) {
    zip_stat_t promise;
    zip_stat_init(&promise);
    constexpr zip_uint64_t kNeeded =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(archive, index, 0, &promise) != 0 || (promise.valid & kNeeded) != kNeeded)
        throw DataError(where + ": damaged directory of the archive");
    const bool stored = promise.comp_method == ZIP_CM_STORE;
    if (promise.encryption_method != ZIP_EM_NONE || (!stored && promise.comp_method != ZIP_CM_DEFLATE))
        throw DataError(where +
                        ": is encrypted or compressed with an unknown method; save it with numpy.savez or "
                        "numpy.savez_compressed");
    const bool possible =
        stored ? promise.size == promise.comp_size : promise.size / kMostInflated <= promise.comp_size;
    if (promise.comp_size > archive_size || !possible)
        throw DataError(where + ": damaged: " + std::to_string(promise.size) + " bytes cannot come from " +
                        std::to_string(promise.comp_size) + " in an archive of " +
                        std::to_string(archive_size));
    return promise;
}

}  // namespace

std::unique_ptr<ByteReader> open_member_bytes(const std::string& archive, const std::string& member) {
    Archive open = open_archive(archive);
    const zip_int64_t found = zip_name_locate(open.get(), member.c_str(), 0);
    if (found < 0)
        throw DataError(archive + ": there is no member " + member +
                        "; there are: " + list_members(open.get()));
    const auto index = static_cast<zip_uint64_t>(found);
    const std::string where = archive + ": " + member;
    const zip_stat_t promise = promise_of(open.get(), index, std::filesystem::file_size(archive), where);
    Member file(std::move(open), index, where);
    if (promise.comp_method == ZIP_CM_STORE)
        return std::make_unique<StoredBytes>(std::move(file), promise.size);
    return std::make_unique<InflatedBytes>(std::move(file), promise.size);
}

}  // namespace lockstep
