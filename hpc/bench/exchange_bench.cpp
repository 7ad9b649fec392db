// What a step's exchange costs: gradients that lie ready become new weights, by SGD.
//
//     mpirun -n 2 exchange_bench [REPETITIONS]
//
// Three ways, taken in turn so that all meet the same weather: the copy that the node shares, private copies,
// and MPI_Allreduce with a full update on every rank. Medians of the slowest rank's times.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include <comm/mpi_handle.h>

#include <lockstep/comm/adopt.h>
#include <lockstep/comm/exchange.h>
#include <lockstep/comm/session.h>
#include <lockstep/comm/step_board.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/math/optimizer_kernels.h>

namespace {

using namespace lockstep;

constexpr float kRate = 1e-4F;

class Sgd final : public UpdateRule {
public:
    void prepare(const Stretch&, std::span<float>) override {}
    void set_norms(std::span<const double>) override {}
    void apply(const Stretch& stretch, std::span<float> gradient) override {
        math::sgd(gradient, kRate, stretch.weights);
    }
};

/// A model of `buckets` weights of equal size.
ExchangeSpec model(std::size_t parameters, std::size_t buckets) {
    ExchangeSpec spec;
    const std::size_t size = parameters / buckets / 16 * 16;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        spec.entries.push_back({.offset = bucket * size, .size = size, .updated = true});
        spec.buckets.push_back({.offset = bucket * size, .size = size, .first_entry = bucket, .entries = 1});
    }
    spec.store = buckets * size;
    return spec;
}

/// The machine's exchange, on the copies that a topology makes.
class ExchangeWay {
public:
    ExchangeWay(Topology topology, const ExchangeSpec& spec)
        : topology_(std::move(topology)),
          board_(topology_, {},
                 allocate_node_memory(topology_, StepBoard::bytes_needed(topology_, {}), FirstTouch::leader)),
          exchange_(
              topology_, spec,
              allocate_node_memory(topology_, Exchange::bytes_needed(topology_, spec), FirstTouch::owners),
              rule_, board_.waiter(), [] { return Exchange::Gate::open; }) {
        for (int rank = 0; rank <= topology_.size; ++rank) map_.push_back(static_cast<std::uint32_t>(rank));
        std::ranges::fill(exchange_.gradients(), 1e-3F);
        board_.meeting().meet();
    }

    void step() {
        exchange_.begin(++attempt_, map_);
        exchange_.await_all();
        for (std::size_t bucket = exchange_.spec().buckets.size(); bucket-- > 0;) exchange_.publish(bucket);
        exchange_.finish();
        exchange_.await_all();
    }

private:
    Topology topology_;
    Sgd rule_;
    StepBoard board_;
    Exchange exchange_;
    std::vector<std::uint32_t> map_;
    std::uint64_t attempt_ = 0;
};

class AllreduceWay {
public:
    AllreduceWay(const Communicator& world, std::size_t parameters)
        : world_(world), weights_(parameters), gradients_(parameters, 1e-3F), sums_(parameters) {}

    void step() {
        MPI_Allreduce(gradients_.data(), sums_.data(), static_cast<int>(sums_.size()), MPI_FLOAT, MPI_SUM,
                      world_.handle().comm);
        math::sgd(sums_, kRate, weights_);
    }

private:
    const Communicator& world_;
    std::vector<float> weights_, gradients_, sums_;
};

/// Seconds of a step on the slowest rank.
double time_of(const Communicator& world, const std::function<void()>& step, int steps) {
    world.barrier();
    const Stopwatch timer;
    for (int index = 0; index < steps; ++index) step();
    return static_cast<double>(world.maximum(static_cast<std::int64_t>(timer.seconds() * 1e9))) * 1e-9 /
           steps;
}

double median(std::vector<double>& values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void compare(const Session& session, std::size_t parameters, int repetitions) {
    const ExchangeSpec spec = model(parameters, 4);
    const Communicator& world = session.world();
    ExchangeWay shared(Topology::of_nodes(world), spec), copies(Topology::of_ranks(world), spec);
    AllreduceWay allreduce(world, parameters);
    const std::vector<std::function<void()>> ways{[&] { shared.step(); }, [&] { copies.step(); },
                                                  [&] { allreduce.step(); }};

    const int steps = static_cast<int>(std::max<std::size_t>(2, 4'000'000 / parameters));
    std::vector<std::vector<double>> times(ways.size());
    for (int repetition = -1; repetition < repetitions; ++repetition)  // the first one warms up
        for (std::size_t way = 0; way < ways.size(); ++way) {
            const double seconds = time_of(world, ways[way], steps);
            if (repetition >= 0) times[way].push_back(seconds);
        }
    const double of_shared = median(times[0]), of_copies = median(times[1]), of_allreduce = median(times[2]);
    if (session.is_root())
        std::printf(
            "%9zu parameters, %d ranks: shared %8.3f ms, private %8.3f ms (%.1fx), MPI_Allreduce %8.3f ms "
            "(%.1fx)\n",
            parameters, session.size(), of_shared * 1e3, of_copies * 1e3, of_copies / of_shared,
            of_allreduce * 1e3, of_allreduce / of_shared);
}

}  // namespace

int main(int argc, char** argv) {
    lockstep::Session session(argc, argv);
    const int repetitions = argc > 1 ? std::atoi(argv[1]) : 11;
    for (const std::size_t parameters : {std::size_t{670'000}, std::size_t{20'000'000}})
        compare(session, parameters, repetitions);
}
