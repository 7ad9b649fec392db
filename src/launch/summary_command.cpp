#include <cstdio>

#include <lockstep/launch/job_file.h>
#include <lockstep/launch/overrides.h>

#include "commands.h"
#include "train_setup.h"

namespace lockstep {

ExitCode summary_command(const Arguments& arguments) {
    const Config tree = parse_toml(read_text(arguments.job), arguments.job);
    const Sequential model = build_model(read_job(with_overrides(tree, arguments.overrides), arguments.job));
    std::fputs(model.summary().c_str(), stdout);
    return ExitCode::success;
}

}  // namespace lockstep
