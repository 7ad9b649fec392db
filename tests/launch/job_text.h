#pragma once

#include <string>

#include <lockstep/launch/job.h>
#include <lockstep/launch/job_file.h>
#include <lockstep/launch/overrides.h>

namespace lockstep {

/// A job that is as it should be; tests replace a line.
inline constexpr const char* kGoodJob = R"([run]
name = "tiny"

[data]
source = "glyphs"
train = { samples = 64 }

[model]
input = [28, 28, 1]
layers = [
  { type = "flatten" },
  { type = "dense", units = 16, activation = "relu" },
  { type = "dense", units = 10, activation = "softmax" },
]

[training]
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy"]
optimizer = { type = "sgd", learning_rate = 0.1 }
epochs = 2
batch_size = 16

[[callbacks]]
type = "csv_logger"
path = "training.csv"
)";

/// `text` with the first `from` replaced.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

inline Job job_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
    return read_job(with_overrides(parse_toml(text, "job.toml"), overrides), "/jobs/job.toml");
}

}  // namespace lockstep
