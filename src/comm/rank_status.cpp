#include <algorithm>
#include <atomic>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include <lockstep/comm/rank_status.h>

namespace lockstep {

namespace {

constexpr std::array<std::string_view, 11> kPhaseNames{
    "starting",   "loading data", "waiting for input", "forward", "backward", "exchange",
    "validation", "hook",         "checkpoint",        "writing", "done"};

template <typename T>
T load(T& value) {
    static_assert(std::atomic_ref<T>::is_always_lock_free);
    return std::atomic_ref<T>(value).load(std::memory_order_relaxed);
}

template <typename T>
void store(T& value, T now) {
    std::atomic_ref<T>(value).store(now, std::memory_order_relaxed);
}

/// By the only thread that writes it.
void increase(std::uint64_t& value) {
    store(value, load(value) + 1);
}

using Words = std::array<std::uint64_t, RankRecord::kSubjectWords>;
constexpr std::size_t kMostCharacters = sizeof(Words) - 1;

void append(Words& words, std::size_t& length, std::string_view text) {
    const std::size_t count = std::min(text.size(), kMostCharacters - length);
    std::memcpy(reinterpret_cast<char*>(words.data()) + length, text.data(), count);
    length += count;
}

Words to_words(std::string_view subject, std::string_view owner) {
    Words words{};
    std::size_t length = 0;
    append(words, length, subject);
    if (owner.empty()) return words;
    append(words, length, " of ");
    append(words, length, owner);
    return words;
}

void store_words(Words& words, const Words& now) {
    for (std::size_t index = 0; index < words.size(); ++index) store(words[index], now[index]);
}

Words load_words(Words& words) {
    Words now;
    for (std::size_t index = 0; index < words.size(); ++index) now[index] = load(words[index]);
    return now;
}

std::string to_text(const Words& words) {
    const auto* text = reinterpret_cast<const char*>(words.data());
    return {text, strnlen(text, kMostCharacters)};
}

}  // namespace

std::string_view phase_name(RankPhase phase) {
    return kPhaseNames.at(static_cast<std::size_t>(phase));
}

std::string RankSnapshot::activity() const {
    const std::string name(phase_name(phase));
    return subject.empty() ? name : name + " " + subject;
}

std::string RankSnapshot::place() const {
    return step < 0 ? "before the first step" : fmt::format("in epoch {}, step {}", epoch + 1, step);
}

RankSnapshot read_record(RankRecord& record) {
    return {.pid = load(record.pid),
            .gone = load(record.gone) != 0,
            .epoch = load(record.epoch),
            .step = load(record.step),
            .phase = static_cast<RankPhase>(load(record.phase)),
            .waiting = load(record.waiting) != 0,
            .changes = load(record.changes),
            .beats = load(record.beats),
            .subject = to_text(load_words(record.subject))};
}

RankStatus::RankStatus() {
    own_.pid = getpid();
}

void RankStatus::publish_in(RankRecord& shared) {
    shared = own_;
    record_ = &shared;
}

void RankStatus::enter(RankPhase phase, std::string_view subject, std::string_view owner) {
    store(record_->phase, static_cast<std::uint32_t>(phase));
    if (!subject.empty() || load(record_->subject.front()) != 0)
        store_words(record_->subject, to_words(subject, owner));
    advance();
}

void RankStatus::set_position(std::int64_t epoch, std::int64_t step) {
    store(record_->epoch, epoch);
    store(record_->step, step);
    advance();
}

void RankStatus::advance() {
    increase(record_->changes);
}

void RankStatus::beat() {
    increase(record_->beats);
}

void RankStatus::say_goodbye() {
    store(record_->gone, 1);
}

PhaseScope::PhaseScope(RankStatus& status)
    : status_(status), phase_(load(status.record_->phase)), subject_(load_words(status.record_->subject)) {}

PhaseScope::PhaseScope(RankStatus& status, RankPhase phase, std::string_view subject) : PhaseScope(status) {
    status.enter(phase, subject);
}

PhaseScope::~PhaseScope() {
    store(status_.record_->phase, phase_);
    store_words(status_.record_->subject, subject_);
    status_.advance();
}

WaitingScope::WaitingScope(RankStatus* status) : status_(status) {
    if (status_ == nullptr) return;
    before_ = load(status_->record_->waiting);
    store(status_->record_->waiting, 1U);
}

WaitingScope::~WaitingScope() {
    if (status_ == nullptr) return;
    store(status_->record_->waiting, before_);
    status_->advance();
}

}  // namespace lockstep
