#include <lockstep/nn/learning_rate.h>
#include <lockstep/nn/registry.h>

namespace lockstep {

Config LearningRate::config() const {
    if (!schedule_) return rate_;
    Config config = Config::table({{"type", schedule_->type()}});
    const Config keys = schedule_->config();
    for (const std::string& key : keys.keys()) config.set(key, keys.at(key));
    return config;
}

LearningRate read_learning_rate(const Config& keys, const LearningRate& fallback) {
    const Config setting = keys.find("learning_rate");
    if (setting.is_null()) return fallback;
    if (setting.is_table()) return std::shared_ptr<Schedule>(make_schedule(setting));
    if (!setting.is_number())
        setting.fail(
            "expected a number, or a schedule such as { type = \"cosine_decay\", initial_learning_rate = "
            "0.1, decay_steps = 1000 }");
    return setting.as<double>();
}

}  // namespace lockstep
