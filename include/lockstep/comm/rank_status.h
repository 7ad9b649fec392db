#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <lockstep/core/aligned_buffer.h>

namespace lockstep {

/// What a rank is doing.
enum class RankPhase : std::uint32_t {
    starting,
    loading_data,
    input,  // waits for samples
    forward,
    backward,
    exchange,
    validation,
    hook,
    checkpoint,
    writing,
    done,
};

/// "loading data"
std::string_view phase_name(RankPhase phase);

/// What the ranks of a node know of one of them: written by that rank, read by all, in memory that they
/// share. Zero at first.
struct alignas(kCacheLine) RankRecord {
    static constexpr std::size_t kSubjectWords = 8;

    std::int32_t pid = 0;
    std::int32_t gone = 0;  // 1: said goodbye
    std::int64_t epoch = 0;
    std::int64_t step = -1;  // -1: before the first
    std::uint32_t phase = 0;
    std::uint32_t waiting = 0;                           // 1: for other ranks
    std::uint64_t changes = 0;                           // grows with everything that the rank gets done
    std::array<std::uint64_t, kSubjectWords> subject{};  // text: of a hook, its name and whose it is
    std::uint64_t beats = 0;                             // of the helper thread; 0: it does not beat yet
};

/// A record as it was at one moment.
struct RankSnapshot {
    std::int32_t pid = 0;
    bool gone = false;
    std::int64_t epoch = 0, step = -1;
    RankPhase phase = RankPhase::starting;
    bool waiting = false;
    std::uint64_t changes = 0, beats = 0;
    std::string subject = {};

    /// "hook on_epoch_end of CsvLogger"
    std::string activity() const;
    /// "in epoch 2, step 317", or "before the first step"
    std::string place() const;
};

RankSnapshot read_record(RankRecord& record);

/// Where a rank says what it is doing: a few relaxed stores each time, nothing that waits. One thread uses
/// it, but for beat() and say_goodbye().
class RankStatus {
public:
    RankStatus();
    RankStatus(const RankStatus&) = delete;
    RankStatus& operator=(const RankStatus&) = delete;

    /// From now on in `shared`, which must stay until withdraw().
    void publish_in(RankRecord& shared);
    /// From now on where nobody sees it.
    void withdraw() { record_ = &own_; }

    /// `subject`, of `owner`: which hook, which file; cut after 63 characters together.
    void enter(RankPhase phase, std::string_view subject = {}, std::string_view owner = {});
    /// Both from 0.
    void set_position(std::int64_t epoch, std::int64_t step);
    /// Still the same, and getting on with it: in what may take long.
    void advance();

    void beat();
    void say_goodbye();

private:
    friend class PhaseScope;
    friend class WaitingScope;
    RankRecord own_;
    RankRecord* record_ = &own_;
};

/// A phase within another one, which goes on afterwards.
class PhaseScope {
public:
    explicit PhaseScope(RankStatus& status);
    PhaseScope(RankStatus& status, RankPhase phase, std::string_view subject = {});
    ~PhaseScope();
    PhaseScope(const PhaseScope&) = delete;
    PhaseScope& operator=(const PhaseScope&) = delete;

private:
    RankStatus& status_;
    std::uint32_t phase_;
    std::array<std::uint64_t, RankRecord::kSubjectWords> subject_;
};

/// While the rank waits for others: it is not the one that is late. Without a status it does nothing.
class WaitingScope {
public:
    explicit WaitingScope(RankStatus* status);
    ~WaitingScope();
    WaitingScope(const WaitingScope&) = delete;
    WaitingScope& operator=(const WaitingScope&) = delete;

private:
    RankStatus* status_;
    std::uint32_t before_ = 0;
};

}  // namespace lockstep
