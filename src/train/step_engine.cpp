#include "step_engine.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include <lockstep/core/stop_signals.h>
#include <lockstep/log/log.h>

namespace lockstep {

namespace {

ExchangeSpec describe(const Sequential& model, const OptimizerRule& rule) {
    const ParameterLayout& layout = model.parameters();
    ExchangeSpec spec;
    for (const Parameter& parameter : layout.parameters)
        spec.entries.push_back({.offset = parameter.offset,
                                .size = parameter.size,
                                .updated = parameter.rule != WeightRule::none,
                                .measured = parameter.rule == WeightRule::optimizer,
                                .whole = parameter.constraint && !parameter.constraint->is_elementwise()});
    for (const ParameterGroup& group : layout.groups)
        spec.buckets.push_back({.offset = group.offset,
                                .size = group.size,
                                .first_entry = group.first_parameter,
                                .entries = group.parameters});
    spec.store = layout.size;
    spec.arrays = rule.arrays();
    spec.two_phase = rule.two_phase();
    spec.sums = rule.sums();
    return spec;
}

TelemetryChannel::Sizes telemetry_sizes(const StepEngine::Options& options) {
    return {
        .shards = options.most_shards, .numbers_per_shard = options.numbers_per_shard, .numbers_per_rank = 1};
}

/// Where the directory cannot be looked at there is no room.
SharedMemoryRoom room_here() {
    try {
        return shared_memory_room();
    } catch (const IoError&) {
        return {.directory = "the shared memory"};
    }
}

/// Whether every node's shared memory has room; if not, the first that has none is in `why`, on all ranks.
bool all_have_room(const Session& session, std::size_t bytes, std::string& why) {
    const SharedMemoryRoom room = room_here();
    const bool fits = bytes <= room.free_bytes;
    const std::int64_t first = session.world().minimum(fits ? session.size() : session.rank());
    if (first == session.size()) return true;
    why = session.world().broadcast(
        fmt::format("{} on {} has {:.1f} MB free, the weights and gradients of a node need {:.1f} MB",
                    room.directory, session.host(), static_cast<double>(room.free_bytes) / 1e6,
                    static_cast<double>(bytes) / 1e6),
        static_cast<int>(first));
    return false;
}

}  // namespace

StepEngine::StepEngine(Session& session, const Sequential& model, const Optimizer& optimizer, Options options)
    : rule_(optimizer, model.parameters(), options.guarded),
      spec_(describe(model, rule_)),
      topology_(choose_topology(session, options)),
      numbers_(options.numbers_per_shard) {
    const auto sizes = telemetry_sizes(options);
    board_ = std::make_unique<StepBoard>(
        topology_, sizes,
        allocate_node_memory(topology_, StepBoard::bytes_needed(topology_, sizes), FirstTouch::leader));
    board_->waiter().report_to(session.status());
    node_bytes_ = Exchange::bytes_needed(topology_, spec_);
    exchange_ = std::make_unique<Exchange>(topology_, spec_,
                                           allocate_node_memory(topology_, node_bytes_, FirstTouch::owners),
                                           rule_, board_->waiter(), [this] { return gate(); });
    if (const std::size_t numbers = model.batch_sums(); numbers > 0)
        batch_sums_ =
            std::make_unique<SumsOverRanks>(session.world(), waiter(), options.most_shards, numbers);
    board_->meeting().meet();
}

Topology StepEngine::choose_topology(Session& session, const Options& options) {
    Topology nodes = Topology::of_nodes(session.world());
    shared_ = options.exchange != ExchangeMode::private_copies;
    const std::size_t bytes =
        Exchange::bytes_needed(nodes, spec_) + StepBoard::bytes_needed(nodes, telemetry_sizes(options));
    std::string why;
    if (shared_ && nodes.nodes() < nodes.size && !all_have_room(session, bytes, why)) {
        if (options.exchange == ExchangeMode::node_shared)
            throw ConfigError(why + "; make room, or use exchange = \"private\"");
        log::write(log::Level::warning, "comm",
                   why + ": every rank keeps a copy of its own (exchange = \"private\")");
        shared_ = false;
    }
    return shared_ ? std::move(nodes) : Topology::of_ranks(session.world());
}

void StepEngine::begin(ShardMap map, std::uint64_t samples) {
    ++attempt_;
    samples_ = samples;
    control_known_ = false;
    board_->control().begin(attempt_);
    board_->telemetry().begin(attempt_, map);
    exchange_->begin(attempt_, map);
    if (batch_sums_) batch_sums_->begin(map);
}

void StepEngine::publish(const StepControl& control) {
    ControlChannel::Message message{};
    std::memcpy(message.data(), &control, sizeof control);
    board_->control().publish(message);
}

Exchange::Gate StepEngine::gate() {
    if (!control_known_) {
        if (!board_->control().arrived()) return Exchange::Gate::closed;
        std::memcpy(&control_, board_->control().receive().data(), sizeof control_);
        control_known_ = true;
        rule_.begin(control_.learning_rate, samples_);
    }
    return control_.action == StepControl::Action::proceed ? Exchange::Gate::open : Exchange::Gate::drop;
}

/// Ranks that sum over the batch in the backward pass must all be in it, or none.
bool StepEngine::is_dropped() {
    if (batch_sums_) waiter().until([this] { return gate() != Exchange::Gate::closed; });
    return gate() == Exchange::Gate::drop;
}

bool StepEngine::finish_update() {
    const bool updated = exchange_->finish();
    board_->telemetry().hand_over();
    if (updated) rule_.end();
    return updated;
}

bool StepEngine::finish_without_update() {
    waiter().until([this] { return gate() != Exchange::Gate::closed; });
    board_->telemetry().hand_over();
    return gate() == Exchange::Gate::open;
}

void StepEngine::send_numbers() {
    board_->telemetry().rank().front() = StopSignals::received();
    board_->telemetry().send();
}

std::span<const double> StepEngine::collect() {
    board_->telemetry().collect();
    board_->telemetry().sum_shards(numbers_);
    return numbers_;
}

StepEngine::RankSignal StepEngine::stop_signal() const {
    for (int rank = 0; rank < topology_.size; ++rank)
        if (const double signal = board_->telemetry().of_rank(rank).front(); signal != 0)
            return {.rank = rank, .signal = static_cast<int>(signal)};
    return {};
}

void StepEngine::install(std::span<const float> weights) {
    write_store([&] {
        const auto store = exchange_->weights();
        if (is_root()) std::ranges::copy(weights, store.begin());
        if (topology_.leaders) topology_.leaders->broadcast(std::as_writable_bytes(store));
    });
}

}  // namespace lockstep
