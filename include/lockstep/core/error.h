#pragma once

#include <stdexcept>
#include <string>

namespace lockstep {

/// Exit codes of the program, the same on every rank.
enum class ExitCode : int {
    success = 0,
    failure = 1,   // anything that has no code of its own
    usage = 2,     // the job file, an argument or the world size is wrong
    data = 3,      // data or a file is wrong
    diverged = 4,  // training met NaN or Inf and stopped
    stalled = 70,  // a rank stopped answering
    requeue = 75,  // stopped on request with a checkpoint: start me again
};

/// Base of everything this library throws. The message reads "where: expected X, got Y".
class Error : public std::runtime_error {
public:
    explicit Error(const std::string& message, ExitCode code = ExitCode::failure)
        : std::runtime_error(message), code_(code) {}

    ExitCode exit_code() const { return code_; }

private:
    ExitCode code_;
};

/// A job file, an argument or the world size is wrong.
class ConfigError : public Error {
public:
    explicit ConfigError(const std::string& message) : Error(message, ExitCode::usage) {}
};

/// One whose message already begins with the place of the mistake: "job.toml:12: training.batch_size: ...".
class PlacedConfigError : public ConfigError {
public:
    using ConfigError::ConfigError;
};

/// Shapes that do not fit together.
class ShapeError : public Error {
public:
    explicit ShapeError(const std::string& message) : Error(message, ExitCode::usage) {}
};

/// The contents of a data file are wrong.
class DataError : public Error {
public:
    explicit DataError(const std::string& message) : Error(message, ExitCode::data) {}
};

/// A file cannot be read or written.
class IoError : public Error {
public:
    explicit IoError(const std::string& message) : Error(message, ExitCode::data) {}
};

/// An MPI call failed.
class MpiError : public Error {
public:
    explicit MpiError(const std::string& message) : Error(message) {}
};

/// Training met NaN or Inf.
class DivergedError : public Error {
public:
    explicit DivergedError(const std::string& message) : Error(message, ExitCode::diverged) {}
};

/// Throws the kind of error that goes with `code`: what was thrown on another rank, thrown here.
[[noreturn]] inline void throw_error(const std::string& message, ExitCode code) {
    switch (code) {
        case ExitCode::usage:
            throw ConfigError(message);
        case ExitCode::data:
            throw DataError(message);
        case ExitCode::diverged:
            throw DivergedError(message);
        default:
            throw Error(message, code);
    }
}

}  // namespace lockstep
