// A training loop written by hand, and its logs: levels, a file that rotates, a line every so many batches,
// JSON lines. Every rank runs the loop; train_on_batch() gives each the same figures, and the log speaks
// once.
//
//     mpirun -n 2 ./training_loop [DIRECTORY FOR THE LOGS]
#include <optional>
#include <string>

#include <lockstep/comm/session.h>
#include <lockstep/core/config.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/io/append_file.h>
#include <lockstep/log/identity.h>
#include <lockstep/log/log.h>
#include <lockstep/log/setup.h>
#include <lockstep/train/trainer.h>

#include "random_labels.h"

using namespace lockstep;

namespace {

constexpr int kEpochs = 10;
constexpr std::size_t kBatchSize = 5;
constexpr std::int64_t kLogInterval = 10;  // batches

/// 1. Where lines go: the screen shows info lines of rank 0, and every rank has a file with the details too.
/// A file makes place for the next one at 10 MiB, and five old ones stay.
void set_up_log(const Session& session, const std::string& directory) {
    log::Identity identity = log::early_identity();
    identity.rank = session.rank();
    identity.size = session.size();
    log::Options options;
    options.level = log::Level::debug;
    options.files = true;
    options.directory = directory;
    options.rotate = log::Rotation{.size = log::parse_size("10MiB"), .keep = 5};
    log::configure(options, identity);
}

/// Keras' sums over an epoch: means of batches, weighted by their samples.
class EpochMeans {
public:
    void add(const Logs& batch, std::size_t samples) {
        loss_ += batch.at("loss") * static_cast<double>(samples);
        accuracy_ += batch.at("accuracy") * static_cast<double>(samples);
        samples_ += static_cast<double>(samples);
    }
    double loss() const { return loss_ / samples_; }
    double accuracy() const { return accuracy_ / samples_; }

private:
    double loss_ = 0, accuracy_ = 0, samples_ = 0;
};

/// 2. One JSON object per line, for jq and the like; written by a thread of its own, whole lines at a time.
void write_json(io::AppendFile& file, int epoch, std::int64_t batch, const Logs& logs, double learning_rate) {
    const Config line = Config::table({{"time", unix_time()},
                                       {"epoch", epoch + 1},
                                       {"batch", batch + 1},
                                       {"loss", logs.at("loss")},
                                       {"learning_rate", learning_rate}});
    file.append(line.to_json() + "\n");
}

}  // namespace

int main(int argc, char** argv) {
    Session session(argc, argv);
    const std::string directory = argc > 1 ? argv[1] : "logs";
    set_up_log(session, directory);

    Sequential model = two_class_model();
    Trainer trainer(session, model,
                    {.loss = "binary_crossentropy", .metrics = {"accuracy"}, .optimizer = "adam"});
    const RandomLabels data;
    std::optional<io::AppendFile> json;  // of one rank: the others have the same figures
    if (session.is_root()) json.emplace(directory + "/steps.jsonl", io::AppendFile::Options{});

    // 3. The loop. Each rank works on its part of every batch.
    const std::size_t batches = data.inputs().rows() / kBatchSize;
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
        EpochMeans means;
        for (std::size_t batch = 0; batch < batches; ++batch) {
            const std::size_t first = batch * kBatchSize;
            const Logs logs = trainer.train_on_batch(data.inputs().rows(first, kBatchSize),
                                                     data.labels().rows(first, kBatchSize));
            means.add(logs, kBatchSize);
            const auto number = static_cast<std::int64_t>(batch);
            if (json) write_json(*json, epoch, number, logs, trainer.learning_rate());
            if ((number + 1) % kLogInterval == 0)
                log::debug("Epoch {}, Batch {}/{}, Loss: {:.4f}", epoch + 1, number + 1, batches,
                           logs.at("loss"));
        }
        log::info("Epoch {}/{}, Loss: {:.4f}, Accuracy: {:.4f}", epoch + 1, kEpochs, means.loss(),
                  means.accuracy());
    }
    return 0;
}
