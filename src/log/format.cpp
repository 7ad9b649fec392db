#include "format.h"

#include <array>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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

std::string iso_time(std::chrono::system_clock::time_point time) {
    using std::chrono::milliseconds;
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto fraction = std::chrono::duration_cast<milliseconds>(time - whole).count();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(whole);
    std::tm local{};
    localtime_r(&seconds, &local);
    std::array<char, 32> date{};
    const std::size_t length = std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &local);
    const long minutes = std::labs(local.tm_gmtoff) / 60;
    return fmt::format("{}.{:03}{}{:02}:{:02}", std::string_view(date.data(), length), fraction,
                       local.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

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
