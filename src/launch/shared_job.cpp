#include "shared_job.h"

#include <string>
#include <vector>

#include <lockstep/launch/job_file.h>
#include <lockstep/launch/overrides.h>

namespace lockstep {

Job read_shared_job(const Session& session, const std::filesystem::path& file, const Arguments& arguments) {
    std::string text;
    session.together([&] {
        if (session.is_root()) text = read_text(file);
    });
    text = session.world().broadcast(text);
    std::vector<std::string> overrides = arguments.overrides;
    if (!arguments.weights.empty())
        overrides.push_back("model.weights=" +
                            Config(std::filesystem::absolute(arguments.weights).string()).to_json());
    return read_job(with_overrides(parse_toml(text, file.string()), overrides), file);
}

}  // namespace lockstep
