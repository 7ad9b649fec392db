#include "rank_report.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

/// Hexadecimal floating point keeps every bit; strtod reads it, and nan and inf.
std::string exact(double value) {
    return fmt::format("{:a}", value);
}

double next_number(std::istream& in) {
    std::string word;
    in >> word;
    return std::strtod(word.c_str(), nullptr);
}

/// A name of any characters but line breaks, to the end of the line.
std::string rest_of_line(std::istream& in) {
    std::string name;
    std::getline(in >> std::ws, name);
    return name;
}

}  // namespace

void Recorded::add(double other, double other_weight) {
    switch (merge) {
        case Merge::mean:
        case Merge::sum:
            value += other;
            break;
        case Merge::minimum:
            value = weight > 0 ? std::min(value, other) : other;
            break;
        case Merge::maximum:
            value = weight > 0 ? std::max(value, other) : other;
            break;
    }
    weight += other_weight;
}

double Recorded::result() const {
    return merge == Merge::mean ? value / weight : value;
}

std::string RankReport::to_text() const {
    std::string text = fmt::format("{} {} {} {} {}\n", exact(timing.compute), exact(timing.exchange),
                                   exact(timing.input), exact(timing.callbacks), exact(timing.wait));
    for (const auto& [name, record] : records)
        text += fmt::format("{} {} {} {}\n", static_cast<int>(record.merge), exact(record.value),
                            exact(record.weight), name);
    return text;
}

RankReport RankReport::from_text(const std::string& text) {
    std::istringstream in(text);
    RankReport report;
    for (double* value : {&report.timing.compute, &report.timing.exchange, &report.timing.input,
                          &report.timing.callbacks, &report.timing.wait})
        *value = next_number(in);
    for (int merge = 0; in >> merge;) {
        Recorded record{.merge = static_cast<Merge>(merge)};
        record.value = next_number(in);
        record.weight = next_number(in);
        report.records.emplace(rest_of_line(in), record);
    }
    return report;
}

void merge_records(const std::vector<RankReport>& reports, Logs& logs) {
    std::map<std::string, Recorded> merged;
    for (const RankReport& report : reports)
        for (const auto& [name, record] : report.records) {
            const auto [entry, is_new] = merged.try_emplace(name, Recorded{.merge = record.merge});
            if (entry->second.merge != record.merge)
                throw Error("record(\"" + name + "\"): ranks merge it in different ways");
            entry->second.add(record.value, record.weight);
        }
    for (const auto& [name, record] : merged) {
        if (logs.contains(name))
            throw Error("record(\"" + name + "\"): the logs have a value of this name already");
        logs.set(name, record.result());
    }
}

std::string to_text(const Logs& logs) {
    std::string text;
    for (const auto& [key, value] : logs.entries()) text += exact(value) + " " + key + "\n";
    return text;
}

Logs logs_from_text(const std::string& text) {
    std::istringstream in(text);
    Logs logs;
    while (in >> std::ws && !in.eof()) {
        const double value = next_number(in);
        logs.set(rest_of_line(in), value);
    }
    return logs;
}

}  // namespace lockstep
