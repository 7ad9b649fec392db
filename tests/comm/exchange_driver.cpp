#include "exchange_driver.h"

#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <thread>

#include <allocation_counter.h>
#include <fmt/format.h>

namespace lockstep::test {

namespace {

constexpr std::uint64_t kSettled = 30;  // attempts

struct Decision {
    float learning_rate;
    std::uint32_t drop;
};

TelemetryChannel::Sizes telemetry_sizes() {
    return {.shards = ExchangeScenario::kMostShards,
            .numbers_per_shard = ExchangeScenario::kNumbersPerShard,
            .numbers_per_rank = 2};
}

/// In the shards' tree.
double sum_numbers(const ExchangeScenario& scenario, std::uint64_t attempt, std::uint32_t first,
                   std::uint32_t end, std::size_t index) {
    if (end - first == 1) return scenario.number(attempt, first, index);
    const std::uint32_t middle = first + std::bit_floor(end - first - 1);
    return sum_numbers(scenario, attempt, first, middle, index) +
           sum_numbers(scenario, attempt, middle, end, index);
}

}  // namespace

std::size_t ExchangeDriver::board_bytes(const Topology& topology) {
    return StepBoard::bytes_needed(topology, telemetry_sizes());
}

ExchangeDriver::ExchangeDriver(const Topology& topology, ExchangeScenario::Options options,
                               const std::shared_ptr<NodeMemory>& board,
                               const std::shared_ptr<NodeMemory>& exchange)
    : topology_(topology),
      scenario_(topology.size, options),
      oracle_(scenario_),
      board_(topology, telemetry_sizes(), board),
      exchange_(topology, scenario_.spec(), exchange, rule_, board_.waiter(), [this] { return gate(); }) {}

void ExchangeDriver::run() {
    board_.meeting().meet();
    for (std::uint64_t number = 1; number <= scenario_.options().attempts; ++number) attempt(number);
    exchange_.await_all();
    check(exchange_.array(0), oracle_.velocity(), 0, "velocity");
    board_.meeting().meet();
}

/// What rank 0 said of this attempt. The learning rate comes from its message alone.
Exchange::Gate ExchangeDriver::gate() {
    if (!board_.control().arrived()) return Exchange::Gate::closed;
    Decision decision{};
    std::memcpy(&decision, board_.control().receive().data(), sizeof decision);
    rule_.learning_rate = decision.learning_rate;
    return decision.drop != 0 ? Exchange::Gate::drop : Exchange::Gate::open;
}

void ExchangeDriver::attempt(std::uint64_t number) {
    number_ = number;
    const ShardMap map = scenario_.map(number);
    rule_.shards = map.back();
    const std::size_t before = allocations_of_this_thread();
    board_.control().begin(number);
    board_.telemetry().begin(number, map);
    exchange_.begin(number, map);
    if (topology_.rank == 0) decide();
    forward(map);
    backward(map);
    dawdle();
    const bool applied = exchange_.finish();
    if (topology_.rank == 0) collect(map);
    if (number > kSettled) allocations_ += allocations_of_this_thread() - before;
    if (applied == scenario_.is_dropped(number)) fail(applied ? "was applied" : "was dropped");
    if (!applied) install();
    oracle_.run(number, map.back());
    if (applied && number % 7 == 0) check_norms();
}

void ExchangeDriver::decide() {
    dawdle();
    const Decision decision{scenario_.learning_rate(number_), scenario_.is_dropped(number_) ? 1U : 0U};
    ControlChannel::Message message{};
    std::memcpy(message.data(), &decision, sizeof decision);
    board_.control().publish(message);
}

void ExchangeDriver::forward(ShardMap map) {
    const auto rank = static_cast<std::size_t>(topology_.rank);
    for (std::size_t bucket = 0; bucket < exchange_.spec().buckets.size(); ++bucket) {
        exchange_.await(bucket);
        check_bucket(bucket);
        dawdle();
    }
    TelemetryChannel& telemetry = board_.telemetry();
    for (std::uint32_t shard = map[rank]; shard < map[rank + 1]; ++shard)
        for (std::size_t index = 0; index < ExchangeScenario::kNumbersPerShard; ++index)
            telemetry.shard(shard)[index] = scenario_.number(number_, shard, index);
    telemetry.rank()[0] = static_cast<double>(rank);
    telemetry.rank()[1] = static_cast<double>(number_);
    telemetry.send();
}

void ExchangeDriver::backward(ShardMap map) {
    const auto rank = static_cast<std::size_t>(topology_.rank);
    for (std::size_t bucket = exchange_.spec().buckets.size(); bucket-- > 0;) {
        const auto& [offset, size, first_entry, entries] = exchange_.spec().buckets[bucket];
        scenario_.gradients(number_, map[rank], map[rank + 1], offset,
                            exchange_.gradients().subspan(offset, size));
        check_bucket(bucket);  // nobody may have updated it yet
        exchange_.publish(bucket);
        dawdle();
    }
}

void ExchangeDriver::collect(ShardMap map) {
    TelemetryChannel& telemetry = board_.telemetry();
    telemetry.collect();
    std::array<double, ExchangeScenario::kNumbersPerShard> sums{};
    telemetry.sum_shards(sums);
    for (std::size_t index = 0; index < sums.size(); ++index)
        if (sums[index] != sum_numbers(scenario_, number_, 0, map.back(), index))
            fail(fmt::format("telemetry {} is {}", index, sums[index]));
    for (int rank = 0; rank < topology_.size; ++rank) {
        const auto numbers = telemetry.of_rank(rank);
        if (numbers[0] != rank || numbers[1] != static_cast<double>(number_))
            fail(fmt::format("rank {} says it is rank {} in attempt {}", rank, numbers[0], numbers[1]));
    }
}

/// A dropped attempt leaves no trace; some are dropped because weights are set.
void ExchangeDriver::install() {
    if (!scenario_.sets_weights(number_)) return board_.meeting().meet();
    board_.meeting().meet_around([this] {
        const auto weights = exchange_.weights();
        for (std::size_t index = 0; index < weights.size(); ++index)
            weights[index] = scenario_.weight_set(number_, index);
    });
}

void ExchangeDriver::check_bucket(std::size_t bucket) {
    const auto& range = exchange_.spec().buckets[bucket];
    check(exchange_.weights().subspan(range.offset, range.size), oracle_.weights(), range.offset, "weight");
}

void ExchangeDriver::check_norms() {
    exchange_.await_all();
    const auto actual = exchange_.squared_norms();
    const double allowed = scenario_.options().spread == ExchangeScenario::Spread::aligned ? 0.0 : 1e-6;
    for (std::size_t entry = 0; entry < actual.size(); ++entry) {
        const double expected = oracle_.squared_norms()[entry];
        if (std::abs(actual[entry] - expected) > allowed * (1.0 + expected))
            fail(fmt::format("squared norm of entry {} is {}, expected {}", entry, actual[entry], expected));
    }
}

void ExchangeDriver::check(std::span<const float> actual, const std::vector<float>& expected,
                           std::size_t offset, const char* what) {
    if (std::memcmp(actual.data(), expected.data() + offset, actual.size_bytes()) == 0) return;
    const float allowed = scenario_.options().spread == ExchangeScenario::Spread::aligned ? 0.0F : 1e-6F;
    for (std::size_t index = 0; index < actual.size(); ++index)
        if (!(std::abs(actual[index] - expected[offset + index]) <= allowed))
            return fail(fmt::format("{} {} is {}, expected {}", what, offset + index, actual[index],
                                    expected[offset + index]));
}

void ExchangeDriver::fail(const std::string& what) {
    if (failures_.size() < 3)
        failures_.push_back(fmt::format("rank {}, attempt {}: {}", topology_.rank, number_, what));
}

/// Mostly not at all, sometimes for long enough that the others fall asleep.
void ExchangeDriver::dawdle() {
    const std::uint64_t key = mix(++delays_ * 1024 + static_cast<std::uint64_t>(topology_.rank));
    if (key % 64 == 0) std::this_thread::sleep_for(std::chrono::microseconds(500));
    if (key % 4 == 1) std::this_thread::sleep_for(std::chrono::microseconds(key / 64 % 60));
}

}  // namespace lockstep::test
