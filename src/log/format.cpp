#include "format.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <lockstep/core/local_time.h>

namespace lockstep::log {
namespace {

using Json = nlohmann::ordered_json;

Json known(std::int64_t count) {
    return count < 0 ? Json() : Json(count);
}
Json known(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

}  // namespace

std::string to_json(const Line& line, const Identity& identity, const Progress& progress) {
    const Json object = {
        {"time", iso_time(line.time)},
        {"level", level_name(line.level)},
        {"module", line.module},
        {"rank", identity.rank},
        {"size", identity.size},
        {"host", identity.host},
        {"run_id", known(identity.run_id)},
        {"slurm_job_id", known(identity.slurm_job)},
        {"epoch", known(progress.epoch.load())},
        {"step", known(progress.step.load())},
        {"text", line.text},
    };
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lockstep::log
