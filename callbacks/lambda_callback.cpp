#include <lockstep/callbacks/lambda_callback.h>

namespace lockstep {

void LambdaCallback::on_train_begin(const Logs& logs) {
    if (options_.on_train_begin) options_.on_train_begin(logs, run());
}

void LambdaCallback::on_train_end(const Logs& logs) {
    if (options_.on_train_end) options_.on_train_end(logs, run());
}

void LambdaCallback::on_test_begin(const Logs& logs) {
    if (options_.on_test_begin) options_.on_test_begin(logs, run());
}

void LambdaCallback::on_test_end(const Logs& logs) {
    if (options_.on_test_end) options_.on_test_end(logs, run());
}

void LambdaCallback::on_predict_begin(const Logs& logs) {
    if (options_.on_predict_begin) options_.on_predict_begin(logs, run());
}

void LambdaCallback::on_predict_end(const Logs& logs) {
    if (options_.on_predict_end) options_.on_predict_end(logs, run());
}

void LambdaCallback::on_epoch_begin(int epoch, const Logs& logs) {
    if (options_.on_epoch_begin) options_.on_epoch_begin(epoch, logs, run());
}

void LambdaCallback::on_epoch_end(int epoch, const Logs& logs) {
    if (options_.on_epoch_end) options_.on_epoch_end(epoch, logs, run());
}

void LambdaCallback::on_train_batch_begin(std::int64_t batch, const Logs& logs) {
    if (options_.on_train_batch_begin) options_.on_train_batch_begin(batch, logs, run());
}

void LambdaCallback::on_train_batch_end(std::int64_t batch, const Logs& logs) {
    if (options_.on_train_batch_end) options_.on_train_batch_end(batch, logs, run());
}

void LambdaCallback::on_test_batch_begin(std::int64_t batch, const Logs& logs) {
    if (options_.on_test_batch_begin) options_.on_test_batch_begin(batch, logs, run());
}

void LambdaCallback::on_test_batch_end(std::int64_t batch, const Logs& logs) {
    if (options_.on_test_batch_end) options_.on_test_batch_end(batch, logs, run());
}

void LambdaCallback::on_predict_batch_begin(std::int64_t batch, const Logs& logs) {
    if (options_.on_predict_batch_begin) options_.on_predict_batch_begin(batch, logs, run());
}

void LambdaCallback::on_predict_batch_end(std::int64_t batch, const Logs& logs) {
    if (options_.on_predict_batch_end) options_.on_predict_batch_end(batch, logs, run());
}

void LambdaCallback::on_exception(const std::exception& error) noexcept {
    if (options_.on_exception) options_.on_exception(error, run());
}

}  // namespace lockstep
