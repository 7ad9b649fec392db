#include <cstdio>

#include <fmt/format.h>

#include <lockstep/launch/job_file.h>
#include <lockstep/launch/overrides.h>

#include "commands.h"
#include "job_parts.h"
#include "memory_need.h"

namespace lockstep {
namespace {

std::string describe(const MemoryNeed& need) {
    return fmt::format(
        "\nMemory with {} rank{} per node, {} samples of a batch each:\n"
        "  shared by a node  {}: weights {}, optimizer {}, gradients of all ranks {}\n"
        "  of a rank         {}: activations and their gradients {}, batches {}\n"
        "  of a node         {}; data that are kept in memory come on top\n",
        need.ranks, need.ranks == 1 ? "" : "s", need.rows, size_text(need.shared()), size_text(need.weights),
        size_text(need.slots), size_text(need.gradients), size_text(need.of_rank()),
        size_text(need.activations), size_text(need.batches), size_text(need.of_node()));
}

}  // namespace

ExitCode summary_command(const Arguments& arguments) {
    const Config tree = parse_toml(read_text(arguments.job), arguments.job);
    const Job job = read_job(with_overrides(tree, arguments.overrides), arguments.job);
    const Sequential model = build_model(job);
    const std::string text = model.summary() + describe(memory_need(job, model, arguments.ranks));
    std::fputs(text.c_str(), stdout);
    return ExitCode::success;
}

}  // namespace lockstep
