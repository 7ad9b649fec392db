#include <string>

#include "elements.h"
#include "job_sections.h"
#include "job_values.h"

namespace lockstep {
namespace {

Cache read_cache(const Config& data) {
    return choice(data, "cache", Cache::none,
                  {{"none", Cache::none}, {"memory", Cache::memory}, {"node", Cache::node}});
}

std::string read_normalize(const Config& data, const char* key) {
    return choice<std::string>(data, key, "", {{"standard", "standard"}, {"minmax", "minmax"}, {"none", ""}});
}

double read_validation_split(const Config& data) {
    const Config split = data.find("validation_split");
    if (split.is_null()) return 0.0;
    const auto fraction = split.as<double>();
    if (!(fraction >= 0.0 && fraction < 1.0)) split.fail("expected a number from 0 to below 1");
    if (fraction > 0.0 && data.contains("validation"))
        split.fail("there is also a table `validation`; choose one of the two");
    return fraction;
}

}  // namespace

void read_data(Job& job) {
    const Config& data = job.data;
    required(data, "source", "source = \"idx\"");
    required(data, "train", "train = { inputs = \"train-images.gz\", targets = \"train-labels.gz\" }");
    for (const char* part : {"train", "validation", "test"})
        if (data.contains(part)) data.at(part).keys();  // throws unless it is a table
    job.validation_split = read_validation_split(data);
    job.normalize = read_normalize(data, "normalize");
    job.normalize_targets = read_normalize(data, "normalize_targets");
    job.augmentation = elements(data.find("augmentation"));
    job.cache = read_cache(data);
}

}  // namespace lockstep
