#include <lockstep/launch/job.h>

#include "elements.h"
#include "job_defaults.h"
#include "job_sections.h"
#include "job_values.h"

namespace lockstep {

Job read_job(const Config& tree, const std::filesystem::path& file) {
    Job job;
    job.run = read_run(tree.find("run"), file);
    job.data = required_table(tree, "data", kDataExample);
    read_data(job);
    job.model = required_table(tree, "model", kModelExample);
    required(job.model, "input", "input = [28, 28, 1]");
    required(job.model, "layers", "layers = [{ type = \"dense\", units = 10 }]");
    job.training = read_training(required_table(tree, "training", kTrainingExample));
    job.callbacks = elements(tree.find("callbacks"));
    job.log = log::read_options(tree.find("log"));
    tree.reject_unknown_keys();
    job.resolved = resolved_tree(tree, job, file);
    job.data = job.resolved.at("data");
    job.model = job.resolved.at("model");
    job.weights = job.model.get<std::string>("weights", "");
    return job;
}

}  // namespace lockstep
