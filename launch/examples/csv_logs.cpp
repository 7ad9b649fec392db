// The output of fit() in CSV files, with headers and formats of one's choice: a row per epoch, a row per
// batch, and one with time and learning rate. Without `columns` a CsvLogger writes all that the logs have.
//
//     mpirun -n 2 ./csv_logs [DIRECTORY FOR THE FILES]
#include <memory>
#include <string>

#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/comm/session.h>
#include <lockstep/train/trainer.h>

#include "random_labels.h"

using namespace lockstep;

namespace {

/// 1. A row per epoch. A column is a key, its header and its format; epochs count from 1 here.
std::shared_ptr<Callback> file_logger() {
    return std::make_shared<CsvLogger>(CsvLogger::Options{.path = "training_log.csv",
                                                          .index_base = 1,
                                                          .columns = {{"epoch", "Epoch"},
                                                                      {"loss", " Loss", ".4f"},
                                                                      {"accuracy", " Accuracy", ".4f"},
                                                                      {"precision", " Precision", ".4f"},
                                                                      {"recall", " Recall", ".4f"}}});
}

/// 2. A row per batch. Values are Keras' means of the epoch so far; batch_loss is the batch's own.
std::shared_ptr<Callback> batch_file_logger() {
    return std::make_shared<CsvLogger>(CsvLogger::Options{.path = "batch_log.csv",
                                                          .index_base = 1,
                                                          .per = CsvLogger::Per::batch,
                                                          .columns = {{"batch", "Batch"},
                                                                      {"loss", " Loss", ".4f"},
                                                                      {"accuracy", " Accuracy", ".4f"},
                                                                      {"precision", " Precision", ".4f"},
                                                                      {"recall", " Recall", ".4f"}}});
}

/// 3. With the time and the learning rate.
std::shared_ptr<Callback> advanced_file_logger() {
    return std::make_shared<CsvLogger>(
        CsvLogger::Options{.path = "advanced_log.csv",
                           .index_base = 1,
                           .columns = {{"timestamp", "Timestamp", "%Y-%m-%dT%H:%M:%S"},
                                       {"epoch", " Epoch"},
                                       {"loss", " Loss", ".4f"},
                                       {"accuracy", " Accuracy", ".4f"},
                                       {"learning_rate", " Learning Rate", ".6f"},
                                       {"precision", " Precision", ".4f"},
                                       {"recall", " Recall", ".4f"}}});
}

}  // namespace

// 4. Each begins its file anew, as `append = false` says.
int main(int argc, char** argv) {
    Session session(argc, argv);
    Sequential model = two_class_model();
    Trainer trainer(session, model,
                    {.loss = "binary_crossentropy",
                     .metrics = {"accuracy", "precision", "recall"},
                     .optimizer = Config::table({{"type", "adam"}, {"learning_rate", 0.001}}),
                     .directory = argc > 1 ? argv[1] : "."});
    trainer.fit(RandomLabels().dataset(),
                {.batch_size = 32,
                 .epochs = 5,
                 .callbacks = {file_logger(), batch_file_logger(), advanced_file_logger()}});
    return 0;
}
