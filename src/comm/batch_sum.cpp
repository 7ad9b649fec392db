#include <algorithm>

#include <lockstep/comm/batch_sum.h>

#include "mpi_check.h"
#include "mpi_handle.h"

namespace lockstep {

struct BatchSum::Gather {
    explicit Gather(const Communicator& world)
        : ranks(world.duplicate()),
          counts(static_cast<std::size_t>(world.size())),
          starts(static_cast<std::size_t>(world.size())) {}

    Communicator ranks;
    std::vector<int> counts, starts;
    Request under_way;
};

BatchSum::BatchSum(const Communicator& world, Waiter& waiter, std::size_t most_shards,
                   std::size_t most_numbers)
    : waiter_(waiter),
      slots_(most_shards * most_numbers),
      tree_(most_shards, most_numbers),
      gather_(std::make_unique<Gather>(world)) {}

BatchSum::~BatchSum() = default;

/// Not a blocking call: while this rank waits, others may wait for its part of the last exchange.
void BatchSum::add(std::span<const double> mine, std::span<double> sum) {
    for (std::size_t rank = 0; rank + 1 < map_.size(); ++rank) {
        gather_->starts[rank] = static_cast<int>(map_[rank] * sum.size());
        gather_->counts[rank] = static_cast<int>((map_[rank + 1] - map_[rank]) * sum.size());
    }
    check_mpi(MPI_Iallgatherv(mine.data(), static_cast<int>(mine.size()), MPI_DOUBLE, slots_.data(),
                              gather_->counts.data(), gather_->starts.data(), MPI_DOUBLE,
                              gather_->ranks.handle().comm, gather_->under_way.address()),
              "MPI_Iallgatherv");
    waiter_.until_message([this] { return gather_->under_way.test(); });
    tree_.add(std::span(slots_).first(map_.back() * sum.size()), sum);
}

}  // namespace lockstep
