#pragma once

#include <string>

#include <lockstep/io/table_file.h>
#include <lockstep/train/training_run.h>

namespace lockstep {

/// Sorts by time, and differs between runs that start in the same second. `start`: Unix time.
std::string new_run_id(double start);

/// Attributes that say what a run is: schema, id, start, world, machine, the program's notes (such as the
/// job's text) and versions. Its status is "running" from now on.
void write_run_facts(io::TableFile& file, const TrainingRun& run, const std::string& run_id, double start);

}  // namespace lockstep
