#include "event_file.h"

#include <array>
#include <string>
#include <system_error>
#include <vector>

#include <event.pb.h>
#include <fmt/format.h>
#include <unistd.h>

#include <lockstep/core/stopwatch.h>
#include <lockstep/io/append_file.h>

#include "row_queue.h"
#include "tf_record.h"

namespace lockstep {

namespace {

namespace pb = tensorboard;

constexpr const char* kPrefix = "events.out.tfevents.";

/// Adds a value to an event of this step.
pb::Summary::Value& begin_event(pb::Event& event, std::string_view tag, std::int64_t step) {
    event.set_step(step);
    pb::Summary::Value& value = *event.mutable_summary()->add_value();
    value.set_tag(tag.data(), tag.size());
    return value;
}

/// Its memory is used again.
class RecordWriter {
public:
    void write(pb::Event& event, double time, io::AppendFile& file) {
        event.set_wall_time(time);
        event.SerializeToString(&data_);
        make_tf_record(data_, record_);
        file.append(record_);
    }

private:
    std::string data_, record_;
};

}  // namespace

std::filesystem::path new_event_file(const std::filesystem::path& directory) {
    std::array<char, 256> host{};
    gethostname(host.data(), host.size() - 1);
    const auto second = static_cast<std::int64_t>(unix_time());
    const std::string stem = fmt::format("{}{}.{}.{}", kPrefix, second, host.data(), getpid());
    std::filesystem::path file = directory / (stem + ".v2");
    for (int number = 1; std::filesystem::exists(file); ++number)
        file = directory / fmt::format("{}.{}.v2", stem, number);
    return file;
}

void remove_event_files(const std::filesystem::path& directory) {
    std::error_code none;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory, none))
        if (entry.path().filename().string().starts_with(kPrefix)) files.push_back(entry.path());
    for (const auto& file : files) std::filesystem::remove(file, none);
}

/// A scalar on its way into the file.
struct Scalar {
    std::string tag;
    double value = 0;
    std::int64_t step = 0;
    double time = 0;
};

struct EventFile::State {
    std::string name;
    bool is_new = false;
    RowQueue<Scalar> scalars;
    pb::Event scalar;  // it and the next one are of the thread that drains
    RecordWriter scalar_writer;
    io::AppendFile file;  // declared last: its thread uses what is above

    State(const std::filesystem::path& path, std::chrono::milliseconds flush_interval, std::uint64_t keep)
        : name(path.filename()),
          is_new(keep == 0),
          file(path.string(), {.flush_interval = flush_interval, .keep = keep, .fill = [this](auto& into) {
                                   write_scalars(into);
                               }}) {}

    void write_scalars(io::AppendFile& into);
    void write(pb::Event& event);
};

void EventFile::State::write_scalars(io::AppendFile& into) {
    scalars.drain([&](const Scalar& row) {
        scalar.Clear();
        begin_event(scalar, row.tag, row.step).set_simple_value(static_cast<float>(row.value));
        scalar_writer.write(scalar, row.time, into);
    });
}

/// In the order of the calls: behind the scalars so far.
void EventFile::State::write(pb::Event& event) {
    write_scalars(file);
    RecordWriter().write(event, unix_time(), file);
}

EventFile::EventFile(const std::filesystem::path& path, std::chrono::milliseconds flush_interval,
                     std::uint64_t keep)
    : state_(std::make_unique<State>(path, flush_interval, end_of_tf_records(path, keep))) {
    if (!is_new()) return;
    pb::Event event;
    event.set_file_version("brain.Event:2");
    state_->write(event);
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
    state_->scalars.push([&](Scalar& scalar) {
        scalar.tag.assign(tag);
        scalar.value = value;
        scalar.step = step;
        scalar.time = unix_time();
    });
}

void EventFile::add_histogram(std::string_view tag, const Histogram& histogram, std::int64_t step) {
    pb::Event event;
    pb::HistogramProto& entry = *begin_event(event, tag, step).mutable_histo();
    entry.set_min(histogram.min);
    entry.set_max(histogram.max);
    entry.set_num(static_cast<double>(histogram.count));
    entry.set_sum(histogram.sum);
    entry.set_sum_squares(histogram.sum_squares);
    entry.mutable_bucket_limit()->Add(histogram.limits.begin(), histogram.limits.end());
    entry.mutable_bucket()->Add(histogram.counts.begin(), histogram.counts.end());
    state_->write(event);
    if (histogram.non_finite > 0)
        add_scalar(std::string(tag) + "_non_finite", static_cast<double>(histogram.non_finite), step);
}

void EventFile::add_image(std::string_view tag, const Picture& picture, std::int64_t step) {
    pb::Event event;
    pb::Summary::Image& image = *begin_event(event, tag, step).mutable_image();
    image.set_height(static_cast<std::int32_t>(picture.height));
    image.set_width(static_cast<std::int32_t>(picture.width));
    image.set_colorspace(static_cast<std::int32_t>(picture.channels));
    image.set_encoded_image_string(encode_png(picture));
    state_->write(event);
}

void EventFile::add_text(std::string_view tag, std::string_view text, std::int64_t step) {
    pb::Event event;
    pb::Summary::Value& value = begin_event(event, tag, step);
    value.mutable_metadata()->mutable_plugin_data()->set_plugin_name("text");
    value.mutable_tensor()->set_dtype(pb::TensorProto::STRING);
    value.mutable_tensor()->mutable_tensor_shape();  // of a scalar
    value.mutable_tensor()->add_string_val(std::string(text));
    state_->write(event);
}

bool EventFile::flush() {
    state_->write_scalars(state_->file);
    return state_->file.flush();
}

void EventFile::flush_soon() {
    state_->file.flush_soon();
}

}  // namespace lockstep
