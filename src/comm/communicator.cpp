#include <numeric>

#include <lockstep/comm/adopt.h>
#include <lockstep/comm/communicator.h>
#include <lockstep/core/error.h>

#include "mpi_check.h"
#include "mpi_handle.h"

namespace lockstep {

namespace {

bool mpi_has_ended() {
    int ended = 0;
    MPI_Finalized(&ended);
    return ended != 0;
}

/// Errors come back as codes, to be thrown, instead of ending the program.
std::unique_ptr<Communicator::Handle> own(MPI_Comm comm) {
    auto handle = std::make_unique<Communicator::Handle>(comm);
    check_mpi(MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    return handle;
}

int to_count(std::size_t size) {
    if (size > static_cast<std::size_t>(INT32_MAX)) throw MpiError("a message of more than 2^31 elements");
    return static_cast<int>(size);
}

/// Texts of different lengths, gathered on one rank or on all.
class TextGather {
public:
    TextGather(MPI_Comm comm, int size, const std::string& text)
        : comm_(comm),
          lengths_(static_cast<std::size_t>(size)),
          starts_(static_cast<std::size_t>(size) + 1),
          text_(text) {
        length_ = to_count(text.size());
        check_mpi(MPI_Allgather(&length_, 1, MPI_INT, lengths_.data(), 1, MPI_INT, comm_), "MPI_Allgather");
        std::partial_sum(lengths_.begin(), lengths_.end(), starts_.begin() + 1);
    }

    std::vector<std::string> to_all() {
        std::string together(static_cast<std::size_t>(starts_.back()), '\0');
        check_mpi(MPI_Allgatherv(text_.data(), length_, MPI_CHAR, together.data(), lengths_.data(),
                                 starts_.data(), MPI_CHAR, comm_),
                  "MPI_Allgatherv");
        return cut(together);
    }

    std::vector<std::string> to_root(bool is_root) {
        std::string together(is_root ? static_cast<std::size_t>(starts_.back()) : 0, '\0');
        check_mpi(MPI_Gatherv(text_.data(), length_, MPI_CHAR, together.data(), lengths_.data(),
                              starts_.data(), MPI_CHAR, 0, comm_),
                  "MPI_Gatherv");
        return is_root ? cut(together) : std::vector<std::string>{};
    }

private:
    std::vector<std::string> cut(const std::string& together) const {
        std::vector<std::string> texts;
        for (std::size_t rank = 0; rank < lengths_.size(); ++rank)
            texts.push_back(together.substr(static_cast<std::size_t>(starts_[rank]),
                                            static_cast<std::size_t>(lengths_[rank])));
        return texts;
    }

    MPI_Comm comm_;
    std::vector<int> lengths_, starts_;
    const std::string& text_;
    int length_ = 0;
};

std::int64_t reduce(MPI_Comm comm, std::int64_t value, MPI_Op operation) {
    std::int64_t result = 0;
    check_mpi(MPI_Allreduce(&value, &result, 1, MPI_INT64_T, operation, comm), "MPI_Allreduce");
    return result;
}

}  // namespace

Communicator::Handle::~Handle() {
    if (comm != MPI_COMM_NULL && !mpi_has_ended()) MPI_Comm_free(&comm);
}

bool Request::test() {
    int done = 1;
    check_mpi(MPI_Test(&request_, &done, MPI_STATUS_IGNORE), "MPI_Test");
    return done != 0;
}

void Request::wait() {
    if (request_ != MPI_REQUEST_NULL && !mpi_has_ended()) MPI_Wait(&request_, MPI_STATUS_IGNORE);
}

Communicator::Communicator(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {
    check_mpi(MPI_Comm_rank(handle_->comm, &rank_), "MPI_Comm_rank");
    check_mpi(MPI_Comm_size(handle_->comm, &size_), "MPI_Comm_size");
}

Communicator::~Communicator() = default;
Communicator::Communicator(Communicator&&) noexcept = default;
Communicator& Communicator::operator=(Communicator&&) noexcept = default;

Communicator adopt_communicator(MPI_Comm ranks) {
    MPI_Comm duplicate = MPI_COMM_NULL;
    check_mpi(MPI_Comm_dup(ranks, &duplicate), "MPI_Comm_dup");
    return Communicator(own(duplicate));
}

Communicator Communicator::duplicate() const {
    const WaitingScope waiting(status_.get());
    Communicator made = adopt_communicator(handle_->comm);
    made.report_to(status_);
    return made;
}

Communicator Communicator::split(int color, int key) const {
    const WaitingScope waiting(status_.get());
    MPI_Comm part = MPI_COMM_NULL;
    check_mpi(MPI_Comm_split(handle_->comm, color, key, &part), "MPI_Comm_split");
    Communicator made(own(part));
    made.report_to(status_);
    return made;
}

Communicator Communicator::split_by_node() const {
    const WaitingScope waiting(status_.get());
    MPI_Comm node = MPI_COMM_NULL;
    check_mpi(MPI_Comm_split_type(handle_->comm, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &node),
              "MPI_Comm_split_type");
    Communicator made(own(node));
    made.report_to(status_);
    return made;
}

void Communicator::barrier() const {
    const WaitingScope waiting(status_.get());
    check_mpi(MPI_Barrier(handle_->comm), "MPI_Barrier");
}

void Communicator::broadcast(std::span<std::byte> bytes, int root) const {
    const WaitingScope waiting(status_.get());
    constexpr std::size_t kPiece = std::size_t{1} << 30;
    for (std::size_t first = 0; first < bytes.size(); first += kPiece) {
        const auto piece = bytes.subspan(first, std::min(kPiece, bytes.size() - first));
        check_mpi(MPI_Bcast(piece.data(), to_count(piece.size()), MPI_BYTE, root, handle_->comm),
                  "MPI_Bcast");
    }
}

std::string Communicator::broadcast(std::string text, int root) const {
    text.resize(broadcast_value(text.size(), root));
    broadcast(std::as_writable_bytes(std::span<char>(text)), root);
    return text;
}

std::vector<std::string> Communicator::gather(const std::string& text) const {
    const WaitingScope waiting(status_.get());
    return TextGather(handle_->comm, size_, text).to_root(rank_ == 0);
}

std::vector<std::string> Communicator::all_gather(const std::string& text) const {
    const WaitingScope waiting(status_.get());
    return TextGather(handle_->comm, size_, text).to_all();
}

void Communicator::gather(std::span<const float> mine, std::span<float> out) const {
    const WaitingScope waiting(status_.get());
    const auto ranks = static_cast<std::size_t>(size_);
    const int count = to_count(mine.size());
    std::vector<int> counts(ranks), starts(ranks + 1);
    check_mpi(MPI_Gather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, handle_->comm), "MPI_Gather");
    std::partial_sum(counts.begin(), counts.end(), starts.begin() + 1);
    if (rank_ == 0 && static_cast<std::size_t>(starts.back()) != out.size())
        throw MpiError("gather: room for " + std::to_string(out.size()) + " values, got " +
                       std::to_string(starts.back()));
    check_mpi(MPI_Gatherv(mine.data(), count, MPI_FLOAT, out.data(), counts.data(), starts.data(), MPI_FLOAT,
                          0, handle_->comm),
              "MPI_Gatherv");
}

std::int64_t Communicator::minimum(std::int64_t value) const {
    const WaitingScope waiting(status_.get());
    return reduce(handle_->comm, value, MPI_MIN);
}
std::int64_t Communicator::maximum(std::int64_t value) const {
    const WaitingScope waiting(status_.get());
    return reduce(handle_->comm, value, MPI_MAX);
}

void Communicator::sum(std::span<double> values) const {
    const WaitingScope waiting(status_.get());
    check_mpi(MPI_Allreduce(MPI_IN_PLACE, values.data(), to_count(values.size()), MPI_DOUBLE, MPI_SUM,
                            handle_->comm),
              "MPI_Allreduce");
}

}  // namespace lockstep
