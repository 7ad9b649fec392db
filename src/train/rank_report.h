#pragma once

#include <map>
#include <string>
#include <vector>

#include <lockstep/train/logs.h>
#include <lockstep/train/recorder.h>
#include <lockstep/train/training_run.h>

namespace lockstep {

/// Values of one name, merged so far.
struct Recorded {
    Merge merge = Merge::mean;
    double value = 0;   // mean: the weighted sum
    double weight = 0;  // mean only

    void add(double other, double other_weight);
    double result() const;
};

/// What one rank has to say of an epoch beside loss and metrics: where its time went, and what was recorded
/// on it. It travels to rank 0 as text.
struct RankReport {
    RankTiming timing = {};
    std::map<std::string, Recorded> records = {};

    std::string to_text() const;
    static RankReport from_text(const std::string& text);
};

/// What record() noted on this rank since the last call.
std::map<std::string, Recorded> take_records();

/// Notes them again, as if they were recorded on this rank. Throws Error if one was recorded in another way.
void put_back_records(const std::map<std::string, Recorded>& records);

/// The records of all ranks as keys of the logs, merged in the order of the ranks. Throws Error if ranks
/// merge one name in different ways.
void merge_records(const std::vector<RankReport>& reports, Logs& logs);

/// Logs as text and back, to the bit.
std::string to_text(const Logs& logs);
Logs logs_from_text(const std::string& text);

}  // namespace lockstep
