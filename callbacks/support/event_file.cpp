#include "event_file.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <event.pb.h>
#include <fmt/format.h>
#include <unistd.h>

#include <lockstep/core/stopwatch.h>
#include <lockstep/io/append_file.h>

namespace lockstep {

namespace {

namespace pb = tensorboard;

/// The polynomial of Castagnoli, reflected.
constexpr std::array<std::uint32_t, 256> make_crc32c_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1U) ^ ((remainder & 1U) * 0x82F63B78U);
        table[byte] = remainder;
    }
    return table;
}

/// CRC-32C, turned and shifted as TFRecords hold it.
std::uint32_t masked_checksum(std::string_view bytes) {
    static constexpr std::array<std::uint32_t, 256> kTable = make_crc32c_table();
    std::uint32_t crc = ~0U;
    for (const char byte : bytes) crc = kTable[(crc ^ static_cast<std::uint8_t>(byte)) & 0xFFU] ^ (crc >> 8U);
    crc = ~crc;
    return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
}

/// Little-endian.
template <typename Unsigned>
void append_number(std::string& bytes, Unsigned number) {
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
        bytes += static_cast<char>(static_cast<std::uint8_t>(number >> (8U * i)));
}

template <typename Unsigned>
Unsigned read_number(std::string_view bytes) {
    Unsigned number = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
        number |= static_cast<Unsigned>(static_cast<std::uint8_t>(bytes[i])) << (8U * i);
    return number;
}

constexpr std::uint64_t kLengthBytes = 8, kChecksumBytes = 4;

/// Where the last whole record ends that lies in the first `limit` bytes.
std::uint64_t end_of_records(const std::filesystem::path& path, std::uint64_t limit) {
    std::error_code none;
    const std::uint64_t size = std::filesystem::file_size(path, none);
    if (none) return 0;
    limit = std::min(limit, size);
    std::ifstream stream(path, std::ios::binary);
    std::array<char, kLengthBytes + kChecksumBytes> head{};
    std::uint64_t end = 0;
    while (stream.seekg(static_cast<std::streamoff>(end)).read(head.data(), head.size())) {
        const std::string_view bytes(head.data(), head.size());
        const std::string_view length = bytes.substr(0, kLengthBytes);
        if (read_number<std::uint32_t>(bytes.substr(kLengthBytes)) != masked_checksum(length)) break;
        const std::uint64_t next = end + head.size() + read_number<std::uint64_t>(length) + kChecksumBytes;
        if (next > limit) break;
        end = next;
    }
    return end;
}

}  // namespace

std::filesystem::path new_event_file(const std::filesystem::path& directory) {
    std::array<char, 256> host{};
    gethostname(host.data(), host.size() - 1);
    const auto second = static_cast<std::int64_t>(unix_time());
    const std::string stem = fmt::format("events.out.tfevents.{}.{}.{}", second, host.data(), getpid());
    std::filesystem::path file = directory / (stem + ".v2");
    for (int number = 1; std::filesystem::exists(file); ++number)
        file = directory / fmt::format("{}.{}.v2", stem, number);
    return file;
}

struct EventFile::State {
    std::string name;
    bool is_new = false;
    io::AppendFile file;
    pb::Event event;  // these two are reused, for their memory
    std::string data, record;

    State(const std::filesystem::path& path, std::chrono::milliseconds flush_interval, std::uint64_t keep)
        : name(path.filename()),
          is_new(keep == 0),
          file(path.string(), {.flush_interval = flush_interval, .keep = keep}) {}

    pb::Summary::Value& begin(std::string_view tag, std::int64_t step);
    void write();
};

/// An event of one value, to be filled before write().
pb::Summary::Value& EventFile::State::begin(std::string_view tag, std::int64_t step) {
    event.Clear();
    event.set_step(step);
    pb::Summary::Value& value = *event.mutable_summary()->add_value();
    value.set_tag(std::string(tag));
    return value;
}

void EventFile::State::write() {
    event.set_wall_time(unix_time());
    event.SerializeToString(&data);
    record.clear();
    append_number(record, std::uint64_t{data.size()});
    append_number(record, masked_checksum(record));
    record += data;
    append_number(record, masked_checksum(data));
    file.append(record);
}

EventFile::EventFile(const std::filesystem::path& path, std::chrono::milliseconds flush_interval,
                     std::uint64_t keep)
    : state_(std::make_unique<State>(path, flush_interval, end_of_records(path, keep))) {
    if (!is_new()) return;
    state_->event.set_file_version("brain.Event:2");
    state_->write();
}

EventFile::~EventFile() = default;

bool EventFile::is_new() const {
    return state_->is_new;
}

std::string EventFile::name() const {
    return state_->name;
}

std::uint64_t EventFile::size() const {
    return state_->file.size();
}

void EventFile::add_scalar(std::string_view tag, double value, std::int64_t step) {
    state_->begin(tag, step).set_simple_value(static_cast<float>(value));
    state_->write();
}

void EventFile::add_histogram(std::string_view tag, const Histogram& histogram, std::int64_t step) {
    pb::HistogramProto& entry = *state_->begin(tag, step).mutable_histo();
    entry.set_min(histogram.min);
    entry.set_max(histogram.max);
    entry.set_num(static_cast<double>(histogram.count));
    entry.set_sum(histogram.sum);
    entry.set_sum_squares(histogram.sum_squares);
    entry.mutable_bucket_limit()->Add(histogram.limits.begin(), histogram.limits.end());
    entry.mutable_bucket()->Add(histogram.counts.begin(), histogram.counts.end());
    state_->write();
    if (histogram.non_finite > 0)
        add_scalar(std::string(tag) + "_non_finite", static_cast<double>(histogram.non_finite), step);
}

void EventFile::add_image(std::string_view tag, const Picture& picture, std::int64_t step) {
    pb::Summary::Image& image = *state_->begin(tag, step).mutable_image();
    image.set_height(static_cast<std::int32_t>(picture.height));
    image.set_width(static_cast<std::int32_t>(picture.width));
    image.set_colorspace(static_cast<std::int32_t>(picture.channels));
    image.set_encoded_image_string(encode_png(picture));
    state_->write();
}

void EventFile::add_text(std::string_view tag, std::string_view text, std::int64_t step) {
    pb::Summary::Value& value = state_->begin(tag, step);
    value.mutable_metadata()->mutable_plugin_data()->set_plugin_name("text");
    value.mutable_tensor()->set_dtype(pb::TensorProto::STRING);
    value.mutable_tensor()->mutable_tensor_shape();  // of a scalar
    value.mutable_tensor()->add_string_val(std::string(text));
    state_->write();
}

bool EventFile::flush() {
    return state_->file.flush();
}

void EventFile::flush_soon() {
    state_->file.flush_soon();
}

}  // namespace lockstep
